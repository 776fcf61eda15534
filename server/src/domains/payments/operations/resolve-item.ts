/**
 * Resolves a difference at an operator's word, in one transaction: what is done and that it was done are kept together or
 * not at all. Locks: item → attempt → organization → audit head.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { fromMinor, type MinorMoney } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { type ItemResolution, resolutionsOf } from '../core/reconciliation.ts';
import { findItem, type ItemRow, lockItem, saveResolution } from '../reconciliation-items-store.ts';
import { findReconciliation, type ReconciliationRow } from '../reconciliation-store.ts';
import { bookFee } from './book-fee.ts';
import { loadProvider } from './load-provider.ts';
import { type ItemView, moneyOf, presentItem, resolvableOf } from './read-reconciliations.ts';
import { asProvider } from './receive-notification.ts';
import { writeOffKind } from './reconcile.ts';
import { settleWithin } from './settle-attempt.ts';
import { takeRefundNews } from './take-refund-news.ts';

export interface ResolveCommand {
  reconciliationId: string;
  itemId: string;
  resolution: ItemResolution;
  note: string | undefined;
}

/** @throws Refusal `not_found`, `invalid_state`, `rule_violated`. */
export async function resolveItem(context: Context, command: ResolveCommand): Promise<ItemView> {
  const { reconciliationId, itemId, resolution, note = null } = command;
  const day = await findReconciliation(context.database, reconciliationId);
  if (!day) throw notFound('reconciliation');
  const seen = await findItem(context.database, { id: itemId, reconciliationId });
  if (!seen) throw notFound('item', 'item');
  const isUnknownRefund = seen.kind === 'refund' && resolution === 'settled';
  if (isUnknownRefund && seen.resolution === null) await takeRefund(context, day, seen);
  return inTransaction(context, async (transaction) => {
    const item = await lockItem(transaction, { id: itemId, reconciliationId });
    if (!item) throw notFound('item', 'item');
    if (item.resolution === resolution) return presentItem(item);
    requireAllowed(item, resolution);
    const done = await carryOut(context, transaction, { day, item, resolution });
    if (done === 'settled' && !item.is_fee_booked) await bookFeeOf(context, transaction, day, item);
    const at = context.clocks.business();
    const by = context.actor.id;
    await saveResolution(transaction, item.id, { resolution: done, note, at, by });
    await recordAudit(context, transaction, {
      organizationId: item.organization_id,
      action: 'reconciliation.resolve',
      resource: { kind: 'reconciliation_item', id: item.id },
      newValues: { provider: day.provider, date: day.date, resolution: done, note },
    });
    return presentItem({ ...item, resolution: done, note, resolved_at: at, resolved_by: by });
  });
}

function requireAllowed(item: ItemRow, resolution: ItemResolution): void {
  if (item.resolution !== null) {
    throw new Refusal('invalid_state', 'It is resolved already: nothing is done a second time.');
  }
  const allowed = resolutionsOf(resolvableOf(item));
  if (allowed.includes(resolution)) return;
  const ways = allowed.length === 0 ? 'nothing to resolve' : `these ways: ${allowed.join(', ')}`;
  throw new Refusal('rule_violated', `This item has ${ways}.`, { param: 'resolution' });
}

interface Work {
  day: ReconciliationRow;
  item: ItemRow;
  resolution: ItemResolution;
}

/** Answers what it came to: money that pays no open order is parked, whatever was asked for. */
async function carryOut(
  context: Context,
  transaction: Transaction,
  work: Work,
): Promise<ItemResolution> {
  const { resolution } = work;
  if (resolution === 'written_off') await writeOff(context, transaction, work);
  const isCounted = resolution === 'settled' || resolution === 'unapplied';
  if (work.item.kind === 'payment' && isCounted) {
    return countMoney(context, transaction, work);
  }
  return resolution;
}

/**
 * A refund that was made at the provider, and of which nobody told us, is taken as if somebody had: once, whoever else
 * tells of it. Its provider may be asked, so no transaction is open; a crash after it leaves an item that is resolved the
 * same way again.
 */
async function takeRefund(context: Context, day: ReconciliationRow, item: ItemRow): Promise<void> {
  requireAllowed(item, 'settled');
  const { provider, merchant } = day;
  const line = moneyOf(item.line_minor, item.line_currency);
  invariant(line && item.provider_transaction !== null, 'a refund that is missing here has a line');
  const loaded = await loadProvider(context, context.database, provider);
  if (loaded?.connection?.merchant !== merchant) {
    throw new Refusal('invalid_state', 'The provider is not set up, or for another merchant.');
  }
  const told = { provider, connection: loaded.connection };
  const taken = await takeRefundNews(asProvider(context, provider), told, {
    ...{ number: item.number, reference: item.provider_transaction, status: 'succeeded' },
    payment: { number: item.payment_number, providerTransaction: item.payment_transaction },
    amount: { ...line, minor: -line.minor },
  });
  if ('reason' in taken) throw new Refusal('invalid_state', taken.reason);
}

/** The one settlement decides: it settles the order that the money names, or parks it. */
async function countMoney(
  context: Context,
  transaction: Transaction,
  { day, item }: Work,
): Promise<ItemResolution> {
  const amount = moneyOf(item.line_minor, item.line_currency);
  const { provider_transaction: providerTransaction } = item;
  invariant(amount && providerTransaction !== null, 'money that is missing here has a line');
  const { provider, merchant } = day;
  const result = await settleWithin(context, transaction, {
    ...{ number: item.number ?? '', merchant, providerTransaction, amount, provider },
    source: 'reconciliation',
  });
  if (result === 'contradictory') {
    throw new Refusal(
      'invalid_state',
      'The same transaction was counted for another order: look at both, then accept this one.',
    );
  }
  return result === 'parked' ? 'unapplied' : 'settled';
}

/** The run left it, for it was nobody's until now. */
function bookFeeOf(
  context: Context,
  transaction: Transaction,
  { provider }: ReconciliationRow,
  { id: itemId, organization_id: organizationId, attempt_id: attemptId, ...item }: ItemRow,
): Promise<void> {
  const fee = moneyOf(item.fee_minor, item.fee_currency);
  return bookFee(context, transaction, { itemId, provider, organizationId, attemptId, fee });
}

/** What the provider holds for us becomes what it says, at our cost or gain. */
async function writeOff(
  context: Context,
  transaction: Transaction,
  { day, item }: Work,
): Promise<void> {
  const missing = difference(item);
  const { organization_id: organizationId } = item;
  invariant(organizationId !== null, 'only what is in somebody’s books is written off');
  if (missing.minor === 0n) return;
  const clearing = `clearing:${day.provider}` as const;
  const isLoss = missing.minor < 0n;
  const minor = isLoss ? -missing.minor : missing.minor;
  await postTransfers(context, transaction, organizationId, [
    {
      ...(isLoss
        ? { debit: 'write_off' as const, credit: clearing }
        : { debit: clearing, credit: 'write_off' as const }),
      ...{ amount: fromMinor({ ...missing, minor }), kind: writeOffKind, reference: item.id },
    },
  ]);
}

/** What the provider says less what we have. */
function difference(item: ItemRow): MinorMoney {
  const booked = moneyOf(item.booked_minor, item.booked_currency);
  invariant(booked, 'what is written off is booked');
  const there = item.line_minor ?? 0n;
  return { minor: there - booked.minor, currency: booked.currency };
}
