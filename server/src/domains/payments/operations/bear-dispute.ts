/** Who bears what a lost dispute took: the customer, as with a refund, or we. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import type { Dispute } from '../core/dispute.ts';
import { type Move, moves } from '../core/moves.ts';
import { findDispute, lockDisputeNamed, saveDispute } from '../disputes-store.ts';
import { findPiece } from '../pieces-store.ts';
import { findAttempt } from '../store.ts';
import { lockAttemptOf } from './finish-refund.ts';
import { type Funded, fundRefund, giveRefundBack } from './fund-refund.ts';
import { outsideSourceOf } from './refund-source.ts';

export interface ResolveDisputeCommand {
  id: string;
  borneBy: 'customer' | 'us';
  note: string;
}

/**
 * Takes what was lost from the customer (a credit note for the invoice that it had paid, or the wallet, with a debt where
 * that was spent), or writes it off. Once: the dispute's row is locked.
 * @throws Refusal `not_found`, `invalid_state`, and what the invoice's owner says against a credit note.
 */
export async function resolveDispute(
  context: Context,
  { id, borneBy, note }: ResolveDisputeCommand,
): Promise<Dispute> {
  return inTransaction(context, async (transaction) => {
    const seen = await findDispute(transaction, id);
    await lockAttemptOf(transaction, seen?.attemptId ?? null);
    const dispute = seen && (await lockDisputeNamed(transaction, seen));
    if (!dispute) throw notFound('dispute');
    requireLost(dispute);
    const resolved: Dispute = {
      ...dispute,
      ...{ borneBy, note, borneMinor: dispute.bookedMinor },
      resolvedAt: context.clocks.business(),
      resolvedBy: context.actor.id,
    };
    if (borneBy === 'us') {
      await post(context, transaction, dispute, { debit: 'write_off', credit: 'disputes' });
    } else {
      const funded = await borneByCustomer(context, transaction, dispute);
      await fundRefund(context, transaction, { refund: funded, leavesDebt: true, isDone: false });
      await post(
        context,
        transaction,
        dispute,
        { debit: 'refunds', credit: 'disputes' },
        funded.amount,
      );
    }
    await saveDispute(transaction, resolved, null);
    const { amount, organizationId } = dispute;
    await recordAudit(context, transaction, {
      organizationId,
      action: 'dispute.resolve',
      resource: { kind: 'dispute', id },
      newValues: {
        ...{ borne_by: borneBy, note },
        ...{ amount: formatMinor(amount), currency: amount.currency },
      },
    });
    return resolved;
  });
}

function requireLost({ status, borneBy, organizationId }: Dispute): void {
  if (status === 'lost' && borneBy === null && organizationId !== null) return;
  const sentence =
    borneBy !== null
      ? 'Somebody has decided about this dispute already.'
      : status === 'lost'
        ? 'Nobody here is known to have made this payment: there is nobody to take it from.'
        : 'Wait until this dispute is lost: then somebody has to bear it.';
  throw new Refusal('invalid_state', sentence);
}

/** It was won after all: whoever bore it has it back. Posted before the dispute is saved as nobody's burden. */
export async function giveBackBorne(
  context: Context,
  transaction: Transaction,
  dispute: Dispute,
): Promise<Dispute> {
  const burden = { ...dispute, bookedMinor: dispute.borneMinor ?? 0n };
  if (dispute.borneBy === 'us') {
    await post(context, transaction, burden, { debit: 'disputes', credit: 'write_off' });
  } else {
    const funded = await borneByCustomer(context, transaction, burden);
    const given = { minor: burden.bookedMinor, currency: dispute.amount.currency };
    await postAll(
      context,
      transaction,
      dispute,
      moves({ debit: 'disputes', credit: 'refunds' }, given, funded.amount),
    );
    await giveRefundBack(context, transaction, funded);
  }
  return { ...dispute, borneBy: null, borneMinor: null, resolvedAt: null, resolvedBy: null };
}

/** Whose money it was, as if it were refunded. */
async function borneByCustomer(
  context: Context,
  transaction: Transaction,
  dispute: Dispute,
): Promise<Funded> {
  const { id, transactionId, attemptId, bookedMinor, amount, reason } = dispute;
  const piece = transactionId === null ? undefined : await findPiece(transaction, transactionId);
  const attempt = attemptId === null ? undefined : await findAttempt(transaction, attemptId);
  invariant(piece, `dispute ${id} is over a payment`);
  const charged: MinorMoney = { minor: bookedMinor, currency: amount.currency };
  const source = await outsideSourceOf(context, transaction, {
    ...{ attempt, charged, isBack: dispute.borneBy === 'customer' },
    // Refunds of the rest of the payment have no part in this one's share.
    piece: { ...piece, returnedMinor: 0n },
  });
  return { id, ...source, destination: 'provider', reason: `Dispute: ${reason}`.slice(0, 500) };
}

async function post(
  context: Context,
  transaction: Transaction,
  dispute: Dispute,
  accounts: Parameters<typeof moves>[0],
  given?: MinorMoney,
): Promise<void> {
  const taken = { minor: dispute.bookedMinor, currency: dispute.amount.currency };
  await postAll(context, transaction, dispute, moves(accounts, given ?? taken, taken));
}

async function postAll(
  context: Context,
  transaction: Transaction,
  { id, organizationId }: Dispute,
  postings: readonly Move[],
): Promise<void> {
  if (organizationId === null) return;
  await postTransfers(
    context,
    transaction,
    organizationId,
    postings.map((move) => ({ ...move, kind: 'dispute', reference: id })),
  );
}
