import type { listAlerts, searchAlerts } from '@sluice/contract/alerts';
import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { formatNanos } from '../../../platform/money.ts';
import { type Alert, listAlertRows } from '../store.ts';

type View = AnswerOf<typeof listAlerts>['data'][number];

/** Alerts of one organization, or of all where none is named. */
export async function readAlerts(
  context: Context,
  { organization: organizationId, ...page }: QueryOf<typeof searchAlerts>,
): Promise<Page<View>> {
  const rows = await listAlertRows(context.database, {
    ...{ organizationId, before: readCursor(page), limit: page.limit + 1 },
  });
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    (alert) => present(context, alert),
  );
}

function present({ config }: Context, alert: Alert): View {
  const isCost = alert.measure === 'cost';
  const shown = (of: bigint) => (isCost ? formatNanos(of) : String(of));
  return {
    id: alert.id,
    organization: alert.organizationId,
    kind: 'usage_anomaly',
    measure: alert.measure,
    interval: alert.span,
    starts_at: alert.startsAt.toISOString(),
    ends_at: alert.endsAt.toISOString(),
    value: shown(alert.value),
    expected: shown(alert.expected),
    currency: isCost ? config.usageCurrency : null,
    raised_at: alert.raisedAt.toISOString(),
  };
}
