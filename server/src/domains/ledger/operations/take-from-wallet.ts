import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { formatMoney, type Money } from '../../../platform/money.ts';
import type { Account } from '../core/account.ts';
import type { Posting } from '../core/posting.ts';
import { addShortfall, lockFunds } from '../store.ts';
import { postTransfers } from './post-transfers.ts';
import { readWallet } from './read-wallet.ts';

export interface TakeFromWallet {
  /** In the wallet's currency. */
  amount: Money;
  to: Account;
  kind: string;
  reference: string;
  /** Takes what is there and lets the customer owe the rest, which the next call or top-up that is used pays. */
  leavesDebt: boolean;
}

/**
 * Takes money that a customer has to give back out of the wallet.
 * @throws Refusal `insufficient_funds` where it was spent, or is held by calls in flight, and no debt is left.
 */
export async function takeFromWallet(
  context: Context,
  transaction: Transaction,
  organizationId: string,
  { amount, to, kind, reference, leavesDebt }: TakeFromWallet,
): Promise<void> {
  await lockFunds(transaction, organizationId);
  const { available } = await readWallet(transaction, organizationId);
  const { currency } = amount;
  const covered = available < amount.amount ? available : amount.amount;
  const debt = amount.amount - covered;
  if (debt > 0n && !leavesDebt) {
    const left = formatMoney({ amount: available, currency });
    throw new Refusal(
      'insufficient_funds',
      `The wallet has only ${left} ${currency} left of it: take less, or say that the customer will owe the rest.`,
    );
  }
  const postings: Posting[] = [
    { debit: 'wallet', credit: to, amount: { amount: covered, currency }, kind, reference },
    // Collected like what calls cost beyond all funds, so it has the same kind. Its reference is no call's, whose ids
    // begin with `req_`: the replay holds those against receipts.
    {
      debit: 'receivable',
      credit: to,
      amount: { amount: debt, currency },
      kind: 'shortfall',
      reference,
    },
  ];
  await postTransfers(
    context,
    transaction,
    organizationId,
    postings.filter((posting) => posting.amount.amount > 0n),
  );
  if (debt > 0n) await addShortfall(transaction, organizationId, debt);
}
