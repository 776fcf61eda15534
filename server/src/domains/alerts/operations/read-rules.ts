import type { listAlertFirings, listAlertRules } from '@sluice/contract/alert-rules';
import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { findRule, listFirings, listOpenFirings, listRules } from '../rules-store.ts';
import { type FiringView, presentFiring, presentRule, type RuleView } from './present-rules.ts';

/** A deployment has no more rules. */
export const rulesMax = 100;

export async function readRules(context: Context): Promise<AnswerOf<typeof listAlertRules>> {
  const rules = await listRules(context.database, rulesMax);
  const firings = await listOpenFirings(context.database);
  const data = rules.map((rule) =>
    presentRule(
      context,
      rule,
      firings.find(({ ruleId }) => ruleId === rule.id),
    ),
  );
  return { data, next_cursor: null };
}

/** @throws Refusal `not_found`. */
export async function readRule(context: Context, id: string): Promise<RuleView> {
  const rule = await findRule(context.database, id);
  if (!rule) throw notFound('alert rule');
  const [firing] = await listOpenFirings(context.database, id);
  return presentRule(context, rule, firing);
}

export async function readFirings(
  context: Context,
  { rule, ...page }: QueryOf<typeof listAlertFirings>,
): Promise<Page<FiringView>> {
  const rows = await listFirings(context.database, {
    ...{ rule, before: readCursor(page), limit: page.limit + 1 },
  });
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    (firing) => presentFiring(context, firing),
  );
}
