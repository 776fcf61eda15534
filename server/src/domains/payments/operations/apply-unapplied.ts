/** What an operator does with money that fitted nothing, as far as payments know of it. */
import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { exchangeRate } from '../../settings/index.ts';
import type { Attempt } from '../core/attempt.ts';
import { convertMinor } from '../core/exchange.ts';
import { type Move, moves } from '../core/moves.ts';
import { atOwnRate, type Unapplied } from '../core/unapplied.ts';
import { lockPiece } from '../pieces-store.ts';
import { findUnapplied, lockUnapplied, saveApplied } from '../unapplied-store.ts';
import { lockAttemptOf } from './finish-refund.ts';

/** Parked money that is locked, open, and somebody's. */
export interface HeldMoney {
  parked: Unapplied;
  attempt: Attempt | undefined;
  organizationId: string;
}

/**
 * Takes the locks of parked money (attempt, the piece of money, its row) and says whose it is.
 * @throws Refusal `not_found`, `invalid_state`, `rule_violated`.
 */
export async function holdUnapplied(
  context: Context,
  transaction: Transaction,
  { id, organizationId }: { id: string; organizationId: string | undefined },
): Promise<HeldMoney> {
  const { parked, attempt } = await lockParked(transaction, id);
  if (parked.amount.minor !== parked.whole.minor) {
    throw new Refusal(
      'invalid_state',
      'Some of this money went back at its provider: return the rest of it.',
    );
  }
  const whose = parked.organizationId ?? organizationId;
  if (whose === undefined) {
    throw new Refusal(
      'rule_violated',
      'Say whose money this is: nobody here is known to have paid it.',
      {
        param: 'organization',
      },
    );
  }
  if (organizationId !== undefined && organizationId !== whose) {
    throw new Refusal('rule_violated', `This is the money of ${whose}: leave the customer out.`, {
      param: 'organization',
    });
  }
  if (parked.organizationId === null && !(await findOrganization(transaction, whose))) {
    throw notFound('organization', 'organization');
  }
  if (parked.organizationId === null) {
    context.log.info(
      { unapplied: id, organization: whose },
      'money of nobody is given to a customer',
    );
  }
  return { parked, attempt, organizationId: whose };
}

/** @throws Refusal `not_found`, `invalid_state`. */
export async function lockParked(
  transaction: Transaction,
  id: string,
): Promise<{ parked: Unapplied; attempt: Attempt | undefined }> {
  const seen = await findUnapplied(transaction, id);
  const attempt = await lockAttemptOf(transaction, seen?.attemptId ?? null);
  if (seen) await lockPiece(transaction, seen.transactionId);
  const parked = seen && (await lockUnapplied(transaction, id));
  if (!parked) throw notFound('money');
  if (parked.state === 'open') return { parked, attempt };
  throw new Refusal('invalid_state', `This money is ${parked.state} already.`);
}

/**
 * What it is in another currency: at the operator's word, else at the rate that its payment was opened with, else at
 * today's.
 * @throws Refusal `currency_unsupported`, `amount_out_of_range`.
 */
export async function convertHeld(
  context: Context,
  executor: Executor,
  { held, currency, rate }: { held: HeldMoney; currency: string; rate: string | undefined },
): Promise<MinorMoney> {
  const { amount } = held.parked;
  if (amount.currency === currency) return amount;
  const own = rate === undefined ? atOwnRate(amount, held.attempt, currency) : undefined;
  const usual = rate ?? (await exchangeRate(executor, context.config, amount.currency, currency));
  const money = own ?? (usual === undefined ? undefined : convertMinor(amount, usual, currency));
  if (money && money.minor > 0n) return money;
  if (usual === undefined) {
    throw new Refusal(
      'currency_unsupported',
      `There is no rate from ${amount.currency} to ${currency}: name one.`,
      { param: 'rate' },
    );
  }
  throw new Refusal(
    'amount_out_of_range',
    `At this rate it is less than the smallest ${currency}.`,
    {
      param: 'rate',
    },
  );
}

/**
 * Makes held money its customer's, in `unapplied` and in the currency that is wanted; its taker moves it on in the same
 * transaction. Money of nobody enters the ledger with it.
 */
export async function applyHeld(
  context: Context,
  transaction: Transaction,
  { held, invoiceId, money }: { held: HeldMoney; invoiceId: string | null; money: MinorMoney },
): Promise<void> {
  const { parked, organizationId } = held;
  const { id, amount, provider } = parked;
  const clearing = `clearing:${provider}` as const;
  const postings: Move[] = [
    ...(parked.organizationId === null
      ? moves({ debit: clearing, credit: 'unapplied' }, amount)
      : []),
    ...(money.currency === amount.currency
      ? []
      : moves({ debit: 'unapplied', credit: 'unapplied' }, amount, money)),
  ];
  await postTransfers(
    context,
    transaction,
    organizationId,
    postings.map((move) => ({ ...move, kind: 'unapplied', reference: id })),
  );
  await saveApplied(transaction, id, {
    ...{ organizationId, invoiceId, money },
    at: context.clocks.business(),
    by: context.actor.id,
  });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'unapplied.apply',
    resource: { kind: 'unapplied', id },
    oldValues: { state: 'open', organization: parked.organizationId },
    newValues: {
      state: 'applied',
      ...(invoiceId === null ? { wallet: true } : { invoice: invoiceId }),
      amount: formatMinor(money),
      currency: money.currency,
    },
  });
}
