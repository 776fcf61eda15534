import * as endpoints from '@sluice/contract/risk';
import type { Routes } from '../../platform/http/routes.ts';
import { presentFlag } from './core/present.ts';
import { confirmFlag, liftFlag } from './operations/decide-flag.ts';
import { readOrganizationRisk, readQueue } from './operations/read-risks.ts';
import { readRiskRules, writeRiskRules } from './operations/risk-rules.ts';

export function registerRisk(routes: Routes): void {
  routes.serve(endpoints.listRisks, ({ context, query }) => readQueue(context, query));
  routes.serve(endpoints.getOrganizationRisk, ({ context, params }) =>
    readOrganizationRisk(context, params.id),
  );
  routes.serve(endpoints.liftRiskFlag, async ({ context, params, body }) =>
    presentFlag(await liftFlag(context, { id: params.id, note: body.note })),
  );
  routes.serve(endpoints.confirmRiskFlag, async ({ context, params, body }) =>
    presentFlag(await confirmFlag(context, { id: params.id, note: body.note, holds: body.hold })),
  );
  routes.serve(endpoints.getRiskRules, ({ context }) => readRiskRules(context));
  routes.serve(endpoints.setRiskRules, ({ context, body }) => writeRiskRules(context, body));
}
