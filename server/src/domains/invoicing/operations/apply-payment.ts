import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import type { EventType } from '../../../platform/events.ts';
import {
  findAttempt,
  parkUnapplied,
  type paymentCollected,
  type paymentSucceeded,
} from '../../payments/index.ts';
import { decideApplication } from '../core/invoice.ts';
import { lockInvoice } from '../store.ts';
import { completePayment } from './complete-payment.ts';

type PayloadOf<E> = E extends EventType<infer Payload> ? Payload : never;

/** Takes the invoice's lock before the settlement takes the organization's. */
export async function holdInvoice(
  _context: Context,
  transaction: Transaction,
  { invoiceId }: PayloadOf<typeof paymentCollected>,
): Promise<void> {
  await lockInvoice(transaction, invoiceId);
}

/** Applies a payment's money to its invoice, or leaves it unapplied and says why. It never refuses. */
export async function applyPayment(
  context: Context,
  transaction: Transaction,
  payment: PayloadOf<typeof paymentSucceeded>,
): Promise<void> {
  const { paymentId, currency } = payment;
  const invoice = await lockInvoice(transaction, payment.invoiceId);
  invariant(invoice, `payment ${paymentId} is for an invoice`);
  const attempt = await findAttempt(transaction, paymentId);
  const now = context.clocks.business();
  const money = { minor: BigInt(payment.amountMinor), currency };
  const application = decideApplication(invoice, money, {
    now,
    isOnTheWay: attempt?.isProcessing ?? false,
  });
  if (application.kind === 'park') {
    const { reason } = application;
    await parkUnapplied(context, transaction, { paymentId, reason });
    return;
  }
  await completePayment(context, transaction, { invoice, by: { payment: paymentId } });
}
