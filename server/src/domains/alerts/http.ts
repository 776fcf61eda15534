import * as rules from '@sluice/contract/alert-rules';
import * as endpoints from '@sluice/contract/alerts';
import type { Routes } from '../../platform/http/routes.ts';
import { createRule, deleteRule, updateRule } from './operations/change-rules.ts';
import { presentMetrics } from './operations/present-rules.ts';
import { readAlerts } from './operations/read-alerts.ts';
import { readFirings, readRules } from './operations/read-rules.ts';
import { testRule } from './operations/test-rule.ts';

export function registerAlerts(routes: Routes): void {
  routes.serve(endpoints.listAlerts, ({ context, organizationId, query }) =>
    readAlerts(context, { ...query, organization: organizationId }),
  );
  routes.serve(endpoints.searchAlerts, ({ context, query }) => readAlerts(context, query));
  registerRules(routes);
}

function registerRules(routes: Routes): void {
  routes.serve(rules.listAlertMetrics, async ({ context }) => ({
    data: presentMetrics(context),
    next_cursor: null,
  }));
  routes.serve(rules.listAlertRules, ({ context }) => readRules(context));
  routes.serve(rules.createAlertRule, ({ context, body }) => createRule(context, body));
  routes.serve(rules.updateAlertRule, ({ context, params, body }) =>
    updateRule(context, params.id, body),
  );
  routes.serve(rules.deleteAlertRule, ({ context, params }) => deleteRule(context, params.id));
  routes.serve(rules.testAlertRule, ({ context, params }) => testRule(context, params.id));
  routes.serve(rules.listAlertFirings, ({ context, query }) => readFirings(context, query));
}
