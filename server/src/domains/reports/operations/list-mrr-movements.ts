import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { listMrrMovements as endpoint } from '@sluice/contract/reports-recurring';
import type { Context } from '../../../platform/context.ts';
import { pageOf, readCursor } from '../../../platform/http/pages.ts';
import { formatMinor } from '../../../platform/money.ts';
import { listMrrMovements as listMovements, type MrrMovement } from '../../subscriptions/index.ts';
import { readSpan } from '../core/span.ts';
import { readTogether } from '../reading.ts';
import { namesOf } from './names-of.ts';

/** What the MRR's movements are made of. */
export async function listMrrMovements(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<AnswerOf<typeof endpoint>> {
  const span = readSpan(query, context.clocks.business(), context.config.timeZone);
  const { kind, currency, limit } = query;
  const before = placeOf(readCursor(query));
  const [rows, names] = await readTogether(context, async (executor) => {
    const found = await listMovements(executor, {
      ...{ from: span.from, to: span.to, kind, currency, before, limit: limit + 1 },
    });
    return [found, await namesOf(executor, found)] as const;
  });
  return pageOf(rows, query, cursorOf, (row) => {
    const wire = (minor: bigint) => formatMinor({ minor, currency: row.currency });
    return {
      organization: row.organization_id,
      name: names.get(row.organization_id) ?? row.organization_id,
      subscription: row.subscription_id,
      ...{ kind: row.kind, currency: row.currency },
      before: wire(row.before_minor),
      after: wire(row.after_minor),
      change: wire(row.after_minor - row.before_minor),
      occurred_at: row.occurred_at.toISOString(),
    };
  });
}

function cursorOf({ occurred_at, organization_id, currency }: MrrMovement): string {
  return `${occurred_at.toISOString()} ${organization_id} ${currency}`;
}

function placeOf(cursor: string | undefined) {
  const [at = '', organizationId = '', currency = ''] = cursor?.split(' ') ?? [];
  const occurredAt = new Date(at);
  if (Number.isNaN(occurredAt.getTime())) return undefined;
  return { occurredAt, organizationId, currency };
}
