/** Moves the money of a refund into `refunds` when it is decided on, and back where it came from when it fails. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { fromMinor, type MinorMoney } from '../../../platform/money.ts';
import { postTransfers, takeFromWallet } from '../../ledger/index.ts';
import { type Move, moves } from '../core/moves.ts';
import type { Refund } from '../core/refund.ts';
import { returnFailed, returnOpened } from '../refund-events.ts';
import { reopenUnapplied } from '../unapplied-store.ts';

/** What is funded: a refund, or what a lost dispute took. */
export type Funded = Pick<
  Refund,
  | 'id'
  | 'organizationId'
  | 'source'
  | 'invoiceId'
  | 'unappliedId'
  | 'amount'
  | 'wallet'
  | 'destination'
  | 'reason'
>;

/** @throws Refusal where whoever has the money does not have it any more, unless it leaves a debt or is gone already. */
export async function fundRefund(
  context: Context,
  transaction: Transaction,
  { refund, leavesDebt, isDone }: { refund: Funded; leavesDebt: boolean; isDone: boolean },
): Promise<void> {
  const { organizationId, source, invoiceId, amount } = refund;
  if (organizationId === null) return;
  if (source === 'invoice' && invoiceId !== null) {
    await context.events.announce(context, transaction, returnOpened, {
      ...about(refund, { organizationId, invoiceId }),
      ...{ toWallet: refund.destination === 'wallet', leavesDebt, isDone },
    });
  }
  if (source === 'wallet') {
    const given = refund.wallet ?? amount;
    const isExchanged = given.currency !== amount.currency;
    await takeFromWallet(context, transaction, organizationId, {
      amount: fromMinor(given),
      to: isExchanged ? 'exchange' : 'refunds',
      ...{ kind: 'refund', reference: refund.id, leavesDebt },
    });
    if (isExchanged) {
      await post(
        context,
        transaction,
        refund,
        moves({ debit: 'exchange', credit: 'refunds' }, amount),
      );
    }
  }
  if (source === 'unapplied') {
    await post(
      context,
      transaction,
      refund,
      moves({ debit: 'unapplied', credit: 'refunds' }, amount),
    );
  }
}

/** What the customer owes for it stays owed: the whole of it is back, and pays that. */
export async function giveRefundBack(
  context: Context,
  transaction: Transaction,
  refund: Funded,
): Promise<void> {
  const { organizationId, source, invoiceId, amount, unappliedId } = refund;
  if (unappliedId !== null) await reopenUnapplied(transaction, unappliedId);
  if (organizationId === null) return;
  if (source === 'invoice' && invoiceId !== null) {
    const of = about(refund, { organizationId, invoiceId });
    await context.events.announce(context, transaction, returnFailed, of);
  }
  if (source === 'wallet') {
    const back = moves({ debit: 'refunds', credit: 'wallet' }, amount, refund.wallet ?? amount);
    await post(context, transaction, refund, back);
  }
  if (source === 'unapplied') {
    await post(
      context,
      transaction,
      refund,
      moves({ debit: 'refunds', credit: 'unapplied' }, amount),
    );
  }
}

/** Posts transfers of a refund; money whose customer is not known is in no ledger. */
export async function post(
  context: Context,
  transaction: Transaction,
  { id, organizationId }: Pick<Refund, 'id' | 'organizationId'>,
  postings: readonly Move[],
): Promise<void> {
  if (organizationId === null) return;
  await postTransfers(
    context,
    transaction,
    organizationId,
    postings.map((move) => ({ ...move, kind: 'refund', reference: id })),
  );
}

function about(
  { id, amount, reason }: { id: string; amount: MinorMoney; reason: string },
  whose: { organizationId: string; invoiceId: string },
) {
  const { minor, currency } = amount;
  return { returnId: id, ...whose, amountMinor: String(minor), currency, reason };
}
