/**
 * Compares one day of a provider's statement with what we have, and does what is beyond doubt: money that the statement
 * names for an open order of exactly that amount is settled, and what the provider kept is booked as its fee.
 *
 * A run is taken for half an hour, so that no two processes do the same; one that dies leaves a time for the next. Every
 * step may be repeated: items are named by what they are about, those that were resolved are left alone, a piece of money
 * is counted once, and a fee is booked with the mark on its item, in one transaction.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor, toMinorExact } from '../../../platform/money.ts';
import { listClearingMovements } from '../../ledger/index.ts';
import { listBooked } from '../booked-store.ts';
import type { Attempt } from '../core/attempt.ts';
import {
  type Booked,
  type DayTotals,
  foldFees,
  type LedgerMovement,
  type MatchedItem,
  matchStatement,
  totalsOf,
} from '../core/reconciliation.ts';
import { isSameMoney } from '../core/settlement.ts';
import { findPieceAtProvider } from '../pieces-store.ts';
import type { StatementLine, StatementOutcome } from '../provider.ts';
import {
  removeStaleItems,
  resolveFoundElsewhere,
  saveItem,
  saveResolution,
} from '../reconciliation-items-store.ts';
import {
  claimReconciliation,
  type ReconciliationRow,
  type StoredTotals,
  saveRun,
} from '../reconciliation-store.ts';
import { findAttempt, findAttemptByNumber } from '../store.ts';
import { bookFee, feeKind } from './book-fee.ts';
import { loadProvider } from './load-provider.ts';
import { asProvider } from './receive-notification.ts';
import { settleAttempt } from './settle-attempt.ts';

const claimMs = 30 * 60_000;
const againMs = 60 * 60_000;
/** A fortnight of hours. */
const runsMax = 14 * 24;
export const writeOffKind = 'reconciliation_write_off';

type Day = Extract<StatementOutcome, { status: 'ready' }>;

/** Answers false while another process is at it, or where it was run since it was seen after so many runs. */
export async function reconcile(
  anyone: Context,
  { id, afterRuns }: { id: string; afterRuns?: number },
): Promise<boolean> {
  const wall = anyone.clocks.wall();
  const claimed = await claimReconciliation(anyone.database, id, {
    ...{ wall, afterRuns },
    until: new Date(wall.getTime() + claimMs),
    nextTryAt: new Date(anyone.clocks.business().getTime() + claimMs),
  });
  if (!claimed) return false;
  const context = asProvider(anyone, claimed.provider);
  try {
    await run(context, claimed);
  } catch (error) {
    const { provider, date } = claimed;
    context.log.error(
      { err: error, reconciliation: id, provider, date },
      'a reconciliation failed; it is run again',
    );
    await wait(context, claimed, 'failed_here');
  }
  return true;
}

async function run(context: Context, claimed: ReconciliationRow): Promise<void> {
  const { provider, merchant, date } = claimed;
  const loaded = await loadProvider(context, context.database, provider);
  const connection = loaded?.connection;
  if (!connection?.statement || connection.merchant !== merchant) {
    return wait(context, claimed, 'other_merchant');
  }
  const statement = await connection.statement({ date });
  if (statement.status === 'not_ready') return wait(context, claimed, 'not_ready');
  if (statement.status === 'unknown') return wait(context, claimed, 'no_answer');
  const day = { ...statement, lines: foldFees(statement.lines) };
  const totals = await compare(context, claimed, day);
  await saveRun(context.database, claimed.id, {
    ...{ status: 'done', reason: null, nextTryAt: null, finishedAt: context.clocks.business() },
    day: { from: statement.from, to: statement.to, totals: totals.map(toStored) },
  });
}

/** Leaves it for another hour; after a fortnight of them somebody has to look. */
async function wait(
  context: Context,
  { id, provider, date, runs }: ReconciliationRow,
  reason: string,
): Promise<void> {
  const isGivenUp = runs >= runsMax;
  if (isGivenUp) {
    context.log.error({ provider, date, reason }, 'a day could not be reconciled: look at it');
  }
  await saveRun(context.database, id, {
    status: isGivenUp ? 'failed' : 'waiting',
    reason,
    nextTryAt: isGivenUp ? null : new Date(context.clocks.business().getTime() + againMs),
    finishedAt: null,
  });
}

async function compare(
  context: Context,
  claimed: ReconciliationRow,
  day: Day,
): Promise<DayTotals[]> {
  const { lines } = day;
  const { id: reconciliationId } = claimed;
  const match = async () => matchStatement(lines, await listNamed(context, claimed, day));
  const items = await match();
  const placed: PlacedItem[] = [];
  for (const item of items) placed.push(await place(context, claimed, item));
  for (const [, some] of groupByOrganization(placed)) {
    await inTransaction(context, (transaction) => keep(context, transaction, claimed, some));
  }
  await removeStaleItems(
    context.database,
    reconciliationId,
    items.map(({ key }) => key),
  );
  await resolveFoundElsewhere(context.database, {
    bookedIds: items.flatMap(({ line, booked: ours }) => (line && ours ? [ours.id] : [])),
    ...{ reconciliationId, note: claimed.date, at: context.clocks.business() },
  });
  // What was settled just now stands in the ledger, and has to stand in the sums.
  const isChanged = placed.some(({ isSettled }) => isSettled);
  const standing = isChanged ? await match() : items;
  return totalsOf(lines, standing, await listMoved(context, claimed, day));
}

function listNamed(
  context: Context,
  { id, provider, merchant }: ReconciliationRow,
  { from, to, lines }: Day,
): Promise<Booked[]> {
  return listBooked(context.database, {
    ...{ provider, merchant, from, to, reconciliationId: id },
    references: [...new Set(lines.map(({ providerTransaction }) => providerTransaction))],
    numbers: [...new Set(lines.flatMap(({ number }) => (number === null ? [] : [number])))],
  });
}

async function listMoved(
  context: Context,
  { provider }: ReconciliationRow,
  { from, to }: Day,
): Promise<LedgerMovement[]> {
  const moved = await listClearingMovements(context.database, {
    ...{ account: `clearing:${provider}`, from, to, without: [feeKind, writeOffKind] },
  });
  return moved.map(({ reference, currency, debited }) => ({
    reference,
    amount: toMinorExact({ amount: debited, currency }),
  }));
}

interface PlacedItem extends MatchedItem {
  attemptId: string | null;
  organizationId: string | null;
  /** What happened to money that was missing here and is beyond doubt. */
  isSettled: boolean;
}

/** Says whose an item is, and settles it where nothing speaks against it. */
async function place(
  context: Context,
  { provider, merchant }: ReconciliationRow,
  item: MatchedItem,
): Promise<PlacedItem> {
  const { booked, line } = item;
  if (booked || !line) {
    const { attemptId = null, organizationId = null } = booked ?? {};
    return { ...item, attemptId, organizationId, isSettled: false };
  }
  const attempt = await findNamed(context, { provider, merchant }, line);
  if (attempt?.provider !== provider || attempt.merchant !== merchant) {
    return { ...item, attemptId: null, organizationId: null, isSettled: false };
  }
  const { id: attemptId, organizationId } = attempt;
  const isClear = item.kind === 'payment' && isBeyondDoubt(attempt, line);
  const isSettled = isClear && (await settle(context, attempt, line));
  return { ...item, attemptId, organizationId, isSettled };
}

/** The attempt that a line is about: a payment's own, or the one whose money a refund gives back. */
async function findNamed(
  context: Context,
  merchant: { provider: string; merchant: string },
  { kind, number, payment }: StatementLine,
): Promise<Attempt | undefined> {
  const { database } = context;
  if (kind === 'payment') {
    return number === null ? undefined : findAttemptByNumber(database, number);
  }
  const piece = payment && (await findPieceAtProvider(database, { ...merchant, ...payment }));
  return piece?.attemptId ? findAttempt(database, piece.attemptId) : undefined;
}

function isBeyondDoubt(attempt: Attempt, line: StatementLine): boolean {
  return attempt.status !== 'succeeded' && isSameMoney(attempt.charged, line.amount);
}

async function settle(context: Context, attempt: Attempt, line: StatementLine): Promise<boolean> {
  const { number, provider, merchant } = attempt;
  const { providerTransaction, amount } = line;
  const result = await settleAttempt(context, {
    ...{ number, provider, merchant, providerTransaction, amount, source: 'reconciliation' },
  });
  return result === 'settled' || result === 'repeated';
}

const itemsAtOnceMax = 200;

/** Of one organization at a time, so that no transaction holds two customers. */
function groupByOrganization(items: readonly PlacedItem[]): [string | null, PlacedItem[]][] {
  const groups = Map.groupBy(items, ({ organizationId }) => organizationId);
  return [...groups].flatMap(([organizationId, some]) =>
    Array.from({ length: Math.ceil(some.length / itemsAtOnceMax) }, (_, index) => {
      const from = index * itemsAtOnceMax;
      const part = some.slice(from, from + itemsAtOnceMax);
      return [organizationId, part] satisfies [string | null, PlacedItem[]];
    }),
  );
}

async function keep(
  context: Context,
  transaction: Transaction,
  claimed: ReconciliationRow,
  items: readonly PlacedItem[],
): Promise<void> {
  const at = context.clocks.business();
  for (const item of items) {
    const saved = await saveItem(transaction, toRow(newId('rci', at), claimed.id, item));
    if (item.isSettled) {
      const settled = { resolution: 'settled', note: null, at, by: null } as const;
      await saveResolution(transaction, saved.id, settled);
    }
    const isOurs = item.result !== 'missing_here' || item.isSettled;
    if (saved.isFeeBooked || !isOurs) continue;
    const { organizationId, attemptId } = item;
    await bookFee(context, transaction, {
      ...{ itemId: saved.id, provider: claimed.provider, organizationId, attemptId },
      fee: item.line?.fee,
    });
  }
}

function toRow(id: string, reconciliationId: string, item: PlacedItem) {
  const { key, kind, result, difference, line, booked, attemptId, organizationId } = item;
  return {
    ...{ id, reconciliation_id: reconciliationId, key, kind, result, difference },
    number: line?.number ?? booked?.number ?? null,
    provider_transaction: line?.providerTransaction ?? booked?.reference ?? null,
    line_minor: line?.amount.minor ?? null,
    line_currency: line?.amount.currency ?? null,
    line_at: line?.at ?? null,
    fee_minor: line?.fee?.minor ?? null,
    fee_currency: line?.fee?.currency ?? null,
    booked_id: booked?.id ?? null,
    booked_minor: booked?.amount.minor ?? null,
    booked_currency: booked?.amount.currency ?? null,
    payment_number: line?.payment?.number ?? null,
    payment_transaction: line?.payment?.providerTransaction ?? null,
    attempt_id: attemptId,
    organization_id: organizationId,
    is_fee_booked: false,
  };
}

function toStored({ currency, because, ...sums }: DayTotals): StoredTotals {
  const write = (amounts: Record<string, bigint>) =>
    Object.fromEntries(
      Object.entries(amounts).map(([key, minor]) => [key, formatMinor({ minor, currency })]),
    );
  const difference = sums.statement - sums.ledger;
  return { currency, amounts: write({ ...sums, difference }), because: write({ ...because }) };
}
