import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor, type MinorMoney, parseMinor } from '../../../platform/money.ts';
import { exchangeRate } from '../../settings/index.ts';
import type { Attempt } from '../core/attempt.ts';
import { convertMinor } from '../core/exchange.ts';
import {
  decideRefund,
  type Refund,
  type Refundable,
  type RefundDestination,
  type RefundRefusal,
  remainingOf,
} from '../core/refund.ts';
import { sumContested } from '../disputes-store.ts';
import { type CollectedPiece, findPieceOfAttempt, lockPiece } from '../pieces-store.ts';
import { providerNamed } from '../providers/index.ts';
import { findRefund } from '../refunds-store.ts';
import { findAttempt, lockAttempt } from '../store.ts';
import { openRefund } from './open-refund.ts';
import { sourceOf } from './refund-source.ts';
import { sendRefund } from './send-refund.ts';

export interface RefundPaymentCommand {
  paymentId: string;
  /** In the payment's currency; all that is left of it when left out. */
  amount: string | undefined;
  destination: RefundDestination;
  reason: string;
  leavesDebt: boolean;
}

/**
 * Gives a payment back, in part or whole. Two at once queue at the attempt's row, and the row of the money refuses what
 * would be more than was collected.
 *
 * - A crash before the commit: nothing has happened. After it: the refund is written down with its number, its money
 *   stands in `refunds`, and the poll sends it or asks about it.
 * - A repeat under the same idempotency key finds its effect done. A lost answer of the provider is `unknown`: it is asked
 *   about, and never sent under a second number.
 * @throws Refusal `not_found`, `invalid_state`, `amount_out_of_range`, `provider_unavailable`, `insufficient_funds`,
 *   `currency_unsupported`, `rule_violated`.
 */
export async function refundPayment(
  context: Context,
  command: RefundPaymentCommand,
): Promise<Refund> {
  const { id } = await inTransaction(context, (transaction) =>
    decideAndOpen(context, transaction, command),
  );
  await sendRefund(context, id);
  const refund = await findRefund(context.database, id);
  invariant(refund, `refund ${id} is there`);
  return refund;
}

async function decideAndOpen(
  context: Context,
  transaction: Transaction,
  command: RefundPaymentCommand,
): Promise<Refund> {
  const { paymentId, destination, reason, leavesDebt } = command;
  const seen = await findAttempt(transaction, paymentId);
  const attempt = seen && (await lockAttempt(transaction, seen.number));
  if (!attempt) throw notFound('payment');
  const piece = await lockPieceOf(transaction, attempt);
  const payment = await readRefundable(transaction, { attempt, piece });
  const minor =
    command.amount === undefined
      ? undefined
      : parseMinor(command.amount, attempt.amount.currency).minor;
  const decision = decideRefund(payment, { minor, destination });
  if (!decision.allowed || !piece) {
    throw refuse(decision.allowed ? 'not_settled' : decision.reason, attempt, payment);
  }
  const { amount, charged } = decision;
  const source = await sourceOf(transaction, { attempt, piece, amount });
  if (source.source === 'wallet' && destination === 'wallet') {
    throw new Refusal('rule_violated', 'The money is in the wallet already.', { param: 'to' });
  }
  return openRefund(context, transaction, {
    piece,
    unappliedId: null,
    organizationId: attempt.organizationId,
    ...source,
    ...(destination === 'wallet' && {
      wallet: await intoWallet(context, transaction, { attempt, amount, charged }),
    }),
    ...{ amount, charged, destination, reason, leavesDebt, outside: null },
  });
}

async function lockPieceOf(
  transaction: Transaction,
  attempt: Attempt,
): Promise<CollectedPiece | undefined> {
  const piece = await findPieceOfAttempt(transaction, attempt);
  return piece && lockPiece(transaction, piece.id);
}

/** What may go back of a payment, by all that is known of it. */
export async function readRefundable(
  executor: Executor,
  { attempt, piece }: { attempt: Attempt; piece: CollectedPiece | undefined },
): Promise<Refundable> {
  const { status, amount, charged, provider } = attempt;
  return {
    ...{ status, amount, charged },
    refundedMinor: attempt.refundedMinor,
    returnedMinor: piece?.returnedMinor ?? 0n,
    disputedMinor: piece ? await sumContested(executor, piece.id) : 0n,
    byProvider: providerNamed(provider)?.capabilities.refunds ?? 'none',
  };
}

/** What enters the wallet: what was taken from one, else as much at today's rate. */
async function intoWallet(
  context: Context,
  transaction: Transaction,
  { attempt, amount, charged }: { attempt: Attempt; amount: MinorMoney; charged: MinorMoney },
): Promise<MinorMoney> {
  const { usageCurrency } = context.config;
  if (attempt.provider === 'wallet') return charged;
  if (amount.currency === usageCurrency) return amount;
  const rate = await exchangeRate(transaction, context.config, amount.currency, usageCurrency);
  const wallet = rate === undefined ? undefined : convertMinor(amount, rate, usageCurrency);
  if (wallet) return wallet;
  throw new Refusal(
    'currency_unsupported',
    `There is no rate from ${amount.currency} to the wallet's ${usageCurrency}: set one, or give it back at the provider.`,
    { param: 'to' },
  );
}

function refuse(reason: RefundRefusal, attempt: Attempt, payment: Refundable): Refusal {
  const name = providerNamed(attempt.provider)?.name ?? attempt.provider;
  const left = remainingOf(payment);
  const leftText = `${formatMinor(left)} ${left.currency}`;
  switch (reason) {
    case 'not_settled':
      return new Refusal('invalid_state', 'Only a payment that succeeded can be given back.');
    case 'nothing_left':
      return new Refusal('invalid_state', 'This payment was given back already.');
    case 'disputed':
      return new Refusal(
        'invalid_state',
        'The payer disputes this payment: what is disputed goes back, if at all, with the dispute.',
      );
    case 'exceeds_remaining':
      return new Refusal('amount_out_of_range', `No more than ${leftText} is left of it.`, {
        param: 'amount',
      });
    case 'too_small':
      return new Refusal('amount_out_of_range', `This is less than ${name} can give back.`, {
        param: 'amount',
      });
    case 'provider_refunds_nothing':
      return new Refusal(
        'provider_unavailable',
        `${name} gives nothing back: put it into the wallet instead ("to": "wallet").`,
        { param: 'to' },
      );
    case 'provider_refunds_whole':
      return new Refusal(
        'provider_unavailable',
        `${name} gives back only whole payments: put a part into the wallet instead ("to": "wallet").`,
        { param: 'to' },
      );
  }
}
