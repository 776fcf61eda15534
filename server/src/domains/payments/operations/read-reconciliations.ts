import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/reconciliations';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type Page, type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { type ItemResult, type Resolvable, resolutionsOf } from '../core/reconciliation.ts';
import {
  countItems,
  type ItemCounts,
  type ItemRow,
  listItemRows,
} from '../reconciliation-items-store.ts';
import {
  findReconciliation,
  listReconciliationRows,
  type ReconciliationRow,
  type ReconciliationStatus,
} from '../reconciliation-store.ts';

type View = AnswerOf<typeof endpoints.createReconciliation>;
type Detail = AnswerOf<typeof endpoints.getReconciliation>;
export type ItemView = AnswerOf<typeof endpoints.resolveReconciliationItem>;

/** Days that were compared, newest first. */
export async function listReconciliations(
  context: Context,
  request: PageRequest & {
    provider?: string | undefined;
    status?: ReconciliationStatus | undefined;
  },
): Promise<Page<View>> {
  const rows = await listReconciliationRows(context.database, {
    provider: request.provider,
    status: request.status,
    before: readCursor(request),
    limit: request.limit + 1,
  });
  const counts = await countItems(
    context.database,
    rows.map(({ id }) => id),
  );
  return pageOf(
    rows,
    request,
    ({ id }) => id,
    (row) => present(row, counts.get(row.id)),
  );
}

/** @throws Refusal `not_found`. */
export async function getReconciliation(
  context: Context,
  request: PageRequest & {
    id: string;
    result?: ItemResult | undefined;
    open?: 'true' | 'false' | undefined;
    q?: string | undefined;
  },
): Promise<Detail> {
  const { id, result, open, q, limit } = request;
  const view = await readReconciliation(context, id);
  const rows = await listItemRows(context.database, {
    ...{ reconciliationId: id, result, isOpen: open === 'true', q },
    ...{ before: readCursor(request), limit: limit + 1 },
  });
  return { ...view, items: pageOf(rows, request, (row) => row.id, presentItem) };
}

/** @throws Refusal `not_found`. */
export async function readReconciliation(context: Context, id: string): Promise<View> {
  const row = await findReconciliation(context.database, id);
  if (!row) throw notFound('reconciliation');
  return present(row, (await countItems(context.database, [id])).get(id));
}

function present(row: ReconciliationRow, counts: ItemCounts | undefined): View {
  return {
    ...{ id: row.id, provider: row.provider, date: row.date, status: row.status },
    reason: row.reason as View['reason'],
    from: row.from_at?.toISOString() ?? null,
    to: row.to_at?.toISOString() ?? null,
    totals: row.totals.map(presentTotals),
    counts: {
      matched: Number(counts?.matched ?? 0n),
      missing_here: Number(counts?.missing_here ?? 0n),
      missing_there: Number(counts?.missing_there ?? 0n),
      different: Number(counts?.different ?? 0n),
      open: Number(counts?.open ?? 0n),
    },
    runs: row.runs,
    next_try_at: row.next_try_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

function presentTotals({
  currency,
  amounts,
  because,
}: ReconciliationRow['totals'][number]): View['totals'][number] {
  const of = (key: string) => amounts[key] ?? '0';
  const why = (key: string) => because[key] ?? '0';
  return {
    currency,
    ...{ payments: of('payments'), refunds: of('refunds'), disputes: of('disputes') },
    ...{ other: of('other'), statement: of('statement'), ledger: of('ledger') },
    ...{ difference: of('difference'), fees: of('fees'), payouts: of('payouts') },
    because: {
      ...{ missing_here: why('missingHere'), missing_there: why('missingThere') },
      ...{ different: why('different'), other_days: why('otherDays') },
      ...{ nobodys: why('nobodys'), other: why('other') },
    },
  };
}

export function presentItem(row: ItemRow): ItemView {
  const there = moneyOf(row.line_minor, row.line_currency);
  return {
    ...{ id: row.id, result: row.result, difference: row.difference, kind: row.kind },
    ...{ number: row.number, provider_transaction: row.provider_transaction },
    there: there && shown(there),
    at: row.line_at?.toISOString() ?? null,
    here: shownOf(moneyOf(row.booked_minor, row.booked_currency)),
    fee: shownOf(moneyOf(row.fee_minor, row.fee_currency)),
    ...{ payment: row.attempt_id, organization: row.organization_id },
    resolution: row.resolution,
    resolutions: row.resolution === null ? resolutionsOf(resolvableOf(row)) : [],
    note: row.note,
    resolved_at: row.resolved_at?.toISOString() ?? null,
    resolved_by: row.resolved_by,
  };
}

export function resolvableOf(row: ItemRow): Resolvable {
  return {
    ...{ kind: row.kind, result: row.result, difference: row.difference },
    organizationId: row.organization_id,
    line: moneyOf(row.line_minor, row.line_currency),
    namesPayment: row.payment_number !== null || row.payment_transaction !== null,
  };
}

export function moneyOf(minor: bigint | null, currency: string | null): MinorMoney | null {
  return minor === null || currency === null ? null : { minor, currency };
}

function shownOf(money: MinorMoney | null) {
  return money && shown(money);
}

function shown(money: MinorMoney) {
  return { amount: formatMinor(money), currency: money.currency };
}
