import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import type { MinorMoney } from '../../../platform/money.ts';
import type { Attempt } from '../core/attempt.ts';
import { findAttempt, insertAttempt } from '../store.ts';
import { newAttempt } from './open-attempt.ts';
import { settleWithin } from './settle-attempt.ts';

export interface PayAtOnceCommand {
  organizationId: string;
  invoiceId: string;
  amount: MinorMoney;
  provider: 'wallet' | 'manual';
  title: string;
  /** What is collected, where that is another currency than the amount's. */
  exchange: { charged: MinorMoney; rate: string } | null;
}

/**
 * Pays with money that is already here: the wallet's, or money that an operator has received. Attempt and settlement
 * are one transaction with the purchase; what refuses the one undoes the other.
 * @throws Refusal `insufficient_funds` where the wallet is short.
 */
export async function payAtOnce(
  context: Context,
  transaction: Transaction,
  command: PayAtOnceCommand,
): Promise<Attempt> {
  const { exchange, ...order } = command;
  const attempt: Attempt = { ...newAttempt(context, order), ...exchange };
  await insertAttempt(transaction, { attempt, nextQueryAt: null });
  const result = await settleWithin(context, transaction, {
    number: attempt.number,
    merchant: attempt.merchant,
    providerTransaction: attempt.number,
    amount: attempt.charged,
    provider: attempt.provider,
    source: command.provider,
  });
  const settled = await findAttempt(transaction, attempt.id);
  invariant(result === 'settled' && settled, 'a payment that was made here settles here');
  return settled;
}
