/**
 * The one way by which money becomes ours, whoever tells of it: a notification, a query, an operator, the wallet.
 * Locks: attempt → invoice (by `payment.collected`) → organization → audit head.
 */
import { createHmac } from 'node:crypto';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import type { Attempt } from '../core/attempt.ts';
import { nextQueryAt } from '../core/schedule.ts';
import {
  type CollectedMoney,
  decideSettlement,
  type SourceAccount,
  settlementPostings,
  type UnappliedReason,
} from '../core/settlement.ts';
import { paymentCollected, paymentSucceeded } from '../events.ts';
import { insertTransaction, insertUnapplied, type TransactionRow } from '../money-store.ts';
import { lockAttempt, markFailed, markSucceeded } from '../store.ts';
import { tellSucceeded } from './tell-customer.ts';

export interface SettleCommand extends CollectedMoney {
  provider: string;
  source: TransactionRow['source'];
}

/**
 * `repeated`: this piece of money was counted before. `parked`: it fits no open order and waits for an operator.
 * `contradictory`: it was counted for another order, so one of the two is wrong; nothing is done but an alarm.
 */
export type SettleResult = 'settled' | 'repeated' | 'parked' | 'contradictory';

/** Settles in a transaction of its own. It refuses nothing: money that came is counted, applied or parked. */
export async function settleAttempt(
  context: Context,
  command: SettleCommand,
): Promise<SettleResult> {
  return inTransaction(context, (transaction) => settleWithin(context, transaction, command));
}

/** Settles within a transaction that began with nothing but new rows. */
export async function settleWithin(
  context: Context,
  transaction: Transaction,
  command: SettleCommand,
): Promise<SettleResult> {
  const attempt = await lockAttempt(transaction, command.number);
  const decision = decideSettlement(attempt, command);
  const isOurs = decision.kind === 'settle' || decision.isOurs;
  const money: CountedMoney = {
    ...command,
    transactionId: newId('ptx', context.clocks.business()),
  };
  const counted = await insertTransaction(transaction, toRow(context, money, isOurs && attempt));
  if (!counted.isNew) return judgeRepeat(context, money, counted.number);

  if (decision.kind === 'park') {
    await park(context, transaction, { money, attempt: isOurs ? attempt : undefined, ...decision });
    return 'parked';
  }
  if (attempt) await settle(context, transaction, { attempt, money });
  return 'settled';
}

function judgeRepeat(context: Context, money: CountedMoney, number: string): SettleResult {
  if (money.number === number) return 'repeated';
  const { provider, providerTransaction } = money;
  context.log.error(
    { provider, transaction: providerTransaction, orders: [number, money.number] },
    'a provider says of two orders that the same transaction paid them',
  );
  return 'contradictory';
}

interface CountedMoney extends SettleCommand {
  transactionId: string;
}

function toRow(
  context: Context,
  money: CountedMoney,
  attempt: Attempt | false | undefined,
): TransactionRow {
  return {
    id: money.transactionId,
    provider: money.provider,
    provider_transaction: money.providerTransaction,
    attempt_id: attempt ? attempt.id : null,
    number: money.number,
    merchant: money.merchant,
    amount_minor: money.amount.minor,
    currency: money.amount.currency,
    source: money.source,
    received_at: context.clocks.business(),
    payer: payerMark(context, money),
  };
}

/** Tells the same card or account again, and to nobody which it is. */
function payerMark(context: Context, { provider, payer }: CountedMoney): string | null {
  if (payer === undefined) return null;
  const key = context.sealer.derive('payments:payers');
  return createHmac('sha256', key).update(`${provider} ${payer}`).digest('base64url');
}

async function settle(
  context: Context,
  transaction: Transaction,
  { attempt, money }: { attempt: Attempt; money: CountedMoney },
): Promise<void> {
  const { id: paymentId, organizationId, invoiceId, amount } = attempt;
  await markSucceeded(transaction, {
    id: paymentId,
    at: context.clocks.business(),
    providerTransaction: money.providerTransaction,
    nextQueryAt: attempt.savesMethod ? nextQueryAt(context.clocks.wall(), 0) : null,
  });
  await context.events.announce(context, transaction, paymentCollected, { paymentId, invoiceId });
  await post(context, transaction, attempt, amount);
  await context.events.announce(context, transaction, paymentSucceeded, {
    paymentId,
    organizationId,
    invoiceId,
    amountMinor: String(amount.minor),
    currency: amount.currency,
    provider: attempt.provider,
  });
  await tellSucceeded(context, transaction, attempt);
  await recordAudit(context, transaction, {
    organizationId,
    action: 'payment.settle',
    resource: { kind: 'payment', id: paymentId },
    newValues: {
      provider: money.provider,
      provider_transaction: money.providerTransaction,
      amount: formatMinor(amount),
      currency: amount.currency,
      source: money.source,
    },
  });
}

/** Puts the attempt's money into `unapplied`, as `amount` says. */
async function post(
  context: Context,
  transaction: Transaction,
  attempt: Attempt,
  { minor, currency }: Attempt['amount'],
): Promise<void> {
  const source: SourceAccount =
    attempt.provider === 'wallet' ? 'wallet' : `clearing:${attempt.provider}`;
  const kind = attempt.provider === 'wallet' ? 'purchase' : 'payment';
  const postings = settlementPostings(source, attempt.charged, { minor, currency });
  if (postings.length === 0) return;
  await postTransfers(
    context,
    transaction,
    attempt.organizationId,
    postings.map((posting) => ({ ...posting, kind, reference: attempt.id })),
  );
}

interface ParkCommand {
  money: CountedMoney;
  /** Undefined where the money belongs to no order of ours. */
  attempt: Attempt | undefined;
  reason: UnappliedReason;
}

async function park(
  context: Context,
  transaction: Transaction,
  { money, attempt, reason }: ParkCommand,
): Promise<void> {
  const { amount } = money;
  const at = context.clocks.business();
  const organizationId = attempt?.organizationId ?? null;
  await insertUnapplied(transaction, {
    id: newId('una', at),
    transaction_id: money.transactionId,
    organization_id: organizationId,
    attempt_id: attempt?.id ?? null,
    amount_minor: amount.minor,
    currency: amount.currency,
    reason,
    parked_at: at,
  });
  if (attempt) {
    if (reason === 'amount_mismatch') await markFailed(transaction, attempt.id);
    // It is kept in the currency in which it came: no rate was agreed for this amount.
    await post(context, transaction, { ...attempt, charged: amount }, amount);
  }
  await recordAudit(context, transaction, {
    organizationId,
    action: 'payment.park',
    resource: { kind: 'payment', id: attempt?.id ?? money.transactionId },
    newValues: {
      provider: money.provider,
      provider_transaction: money.providerTransaction,
      amount: formatMinor(amount),
      currency: amount.currency,
      reason,
    },
  });
  context.log.warn(
    { payment: attempt?.id, provider: money.provider, organization: organizationId, reason },
    'money came that fits no open order: it is parked as unapplied',
  );
}
