import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Unapplied } from '../core/unapplied.ts';
import { sumContested } from '../disputes-store.ts';
import { lockPiece } from '../pieces-store.ts';
import { providerNamed } from '../providers/index.ts';
import { findUnapplied, saveReturned } from '../unapplied-store.ts';
import { lockParked } from './apply-unapplied.ts';
import { openRefund } from './open-refund.ts';
import { sendRefund } from './send-refund.ts';

/**
 * Gives money that fitted nothing back at its provider, all of it. It is a refund as any other: written down with its
 * number first, asked about while its outcome is unknown; should it fail, the money waits for an operator again.
 * @throws Refusal `not_found`, `invalid_state`, `provider_unavailable`.
 */
export async function returnUnapplied(
  context: Context,
  { id, reason }: { id: string; reason: string },
): Promise<Unapplied> {
  const refundId = await inTransaction(context, async (transaction) => {
    const { parked } = await lockParked(transaction, id);
    const piece = await lockPiece(transaction, parked.transactionId);
    invariant(piece, `money ${id} was counted`);
    requireReturnable(parked, await sumContested(transaction, piece.id));
    const at = context.clocks.business();
    await saveReturned(transaction, id, { at, by: context.actor.id });
    const { organizationId, amount } = parked;
    const refund = await openRefund(context, transaction, {
      ...{ piece, unappliedId: id, organizationId, amount, reason },
      charged: { ...piece.amount, minor: piece.amount.minor - piece.returnedMinor },
      source: organizationId === null ? 'nobody' : 'unapplied',
      ...{ invoiceId: null, wallet: null, destination: 'provider' },
      ...{ leavesDebt: false, outside: null },
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'unapplied.return',
      resource: { kind: 'unapplied', id },
      oldValues: { state: 'open' },
      newValues: { state: 'returned', refund: refund.id, reason },
    });
    return refund.id;
  });
  await sendRefund(context, refundId);
  const returned = await findUnapplied(context.database, id);
  invariant(returned, `money ${id} is there`);
  return returned;
}

function requireReturnable({ provider }: Unapplied, disputedMinor: bigint): void {
  const known = providerNamed(provider);
  if ((known?.capabilities.refunds ?? 'none') === 'none') {
    throw new Refusal(
      'provider_unavailable',
      `${known?.name ?? provider} gives nothing back: put the money into the wallet.`,
    );
  }
  if (disputedMinor > 0n) {
    throw new Refusal(
      'invalid_state',
      'The payer disputes this payment: what is disputed goes back, if at all, with the dispute.',
    );
  }
}
