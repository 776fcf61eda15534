import type { Context } from '../../../platform/context.ts';
import { invariant } from '../../../platform/errors.ts';
import { type PaymentView, presentPayment } from '../core/present.ts';
import { findAttempt, saveNextStep } from '../store.ts';
import { chargeMethod } from './charge-method.ts';
import { failAttempt } from './fail-attempt.ts';
import { loadProvider } from './load-provider.ts';
import { loadPayer } from './payer.ts';
import { notifyUrl } from './read-providers.ts';

/**
 * Asks the provider to collect an attempt that is committed, and keeps what the payer does next, or charges the stored
 * method that it is for. A crash before the outcome is kept leaves a pending attempt, whose money a notification or a
 * query finds all the same.
 */
export async function startPayment(context: Context, paymentId: string): Promise<PaymentView> {
  const attempt = await findAttempt(context.database, paymentId);
  invariant(attempt, 'a payment is started after its attempt is committed');
  const loaded = await loadProvider(context, context.database, attempt.provider);
  const isStarted = attempt.status !== 'pending' || attempt.next.type !== 'none';
  if (isStarted || !loaded?.connection) return presentPayment(attempt);

  if (attempt.methodId !== null) {
    await chargeMethod(context, attempt);
    return presentPayment((await findAttempt(context.database, paymentId)) ?? attempt);
  }
  const outcome = await loaded.connection.start({
    number: attempt.number,
    title: attempt.title,
    charged: attempt.charged,
    notifyUrl: notifyUrl(context, attempt.provider),
    returnUrl: attempt.returnUrl ?? `${context.config.publicUrl}/checkout/${attempt.id}`,
    means: attempt.means,
    expiresAt: attempt.expiresAt,
    payer: await loadPayer(context, attempt),
    savesMethod: attempt.savesMethod,
  });
  if (outcome.status === 'pending') {
    await saveNextStep(context.database, attempt.id, {
      ...{ next: outcome.next, status: 'pending', declineCode: null },
      reference: outcome.reference ?? null,
    });
  } else if (outcome.status === 'declined') {
    await failAttempt(context, attempt, { status: 'failed', code: outcome.code });
  }
  return presentPayment((await findAttempt(context.database, paymentId)) ?? attempt);
}
