/**
 * Charges an invoice to a stored method, with nobody waiting for it. What stops where:
 *
 * - before invoice and attempt are committed together: nothing has happened, and the next run begins again;
 * - after that: the attempt is there, and payments finds out or makes up for its charge under its own number;
 * - a decline, whenever it is known: `payment.failed` asks the customer in the transaction that says so.
 *
 * Of two processes at once the invoice's lock lets one begin; the other finds the charge under way. What a payer opens
 * while the charge waits for that lock is found under it, and closed before anything is charged.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  closeOpenAttempts,
  countAttempts,
  type DeclineCode,
  findBeside,
  findLastChargeAt,
  findOpenCharge,
  listOpenAttemptIds,
  openAttempt,
  startPayment,
} from '../../payments/index.ts';
import type { Collection } from '../core/doors.ts';
import { dueOf, payerOf } from '../core/invoice.ts';
import { titleOf } from '../core/present.ts';
import { requireLocked, settleCovered } from './settle-covered.ts';

/** `asked` with a reason: it could not be charged, so that the customer is to be asked. */
interface Charge {
  collection: Collection;
  reason?: DeclineCode;
}

type Opened = Charge & { paymentId?: string };

interface ChargeCommand {
  invoiceId: string;
  methodId: string;
}

export async function chargeInvoice(context: Context, command: ChargeCommand): Promise<Charge> {
  try {
    const opened = await makeWayAndOpen(context, command);
    if (opened.paymentId === undefined) return opened;
    const { status, decline_code } = await startPayment(context, opened.paymentId);
    if (status === 'succeeded') return { collection: 'paid' };
    if (status === 'pending' || status === 'unknown') return { collection: 'under_way' };
    return { collection: 'asked', ...(decline_code && { reason: decline_code }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Nothing is wrong with the method: it is asked for, and can be paid once that is over.
    if (error.code === 'payments_on_hold') return { collection: 'asked' };
    const reason = unchargeable[error.code];
    if (reason === undefined) throw error;
    return { collection: 'asked', reason };
  }
}

/** Why a method cannot even be tried. */
const unchargeable: Record<string, DeclineCode> = {
  not_found: 'method_unusable',
  provider_unavailable: 'method_unusable',
  currency_unsupported: 'currency_unsupported',
};

/** Each round closes what a payer has opened since the last; whoever is that busy is asked. */
const roundsMax = 3;

async function makeWayAndOpen(context: Context, command: ChargeCommand): Promise<Opened> {
  for (let round = 1; round <= roundsMax; round += 1) {
    const seen = await listOpenAttemptIds(context.database, command.invoiceId);
    const standing = await closeOpenAttempts(context, command.invoiceId);
    if (standing) return { collection: standing.kind };
    const opened = await openCharge(context, { ...command, seen });
    if (opened) return opened;
  }
  return { collection: 'asked' };
}

/** Within it the same invoice is not charged again, whatever is run again meanwhile. */
const chargedAgainAfterMs = 3_600_000;
const attemptsMax = 20;

/** Undefined where the payer has opened a page since `seen` was listed. */
async function openCharge(
  context: Context,
  { invoiceId, methodId, seen }: ChargeCommand & { seen: readonly string[] },
): Promise<Opened | undefined> {
  return inTransaction(context, async (transaction) => {
    const invoice = await requireLocked(transaction, invoiceId);
    const settled = await settleCovered(context, transaction, invoice);
    if (settled) return { collection: settled };
    if (await findOpenCharge(transaction, invoiceId)) return { collection: 'under_way' };
    const wanted = { invoiceId, provider: null, methodId, returnUrl: undefined };
    if (await findBeside(context, transaction, { wanted, seen })) return undefined;
    const now = context.clocks.business();
    const last = await findLastChargeAt(transaction, invoiceId);
    const isTooSoon = last && now.getTime() - last.getTime() < chargedAgainAfterMs;
    if (isTooSoon || (await countAttempts(transaction, invoiceId)) >= attemptsMax) {
      return { collection: 'asked' };
    }
    const paymentId = await openAttempt(context, transaction, {
      ...{ organizationId: invoice.organizationId, invoiceId, amount: dueOf(invoice) },
      ...{ provider: null, methodId, isAutomatic: true },
      ...{ payer: payerOf(invoice), title: titleOf(invoice), returnUrl: undefined },
      expiresAt: new Date(now.getTime() + chargeTermMs),
    });
    return { collection: 'under_way', paymentId };
  });
}

/** As long as a charge may be repeated under its number; payments cuts it to what providers remember. */
const chargeTermMs = 86_400_000;
