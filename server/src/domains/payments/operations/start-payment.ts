import type { Context } from '../../../platform/context.ts';
import { invariant } from '../../../platform/errors.ts';
import { type PaymentView, presentPayment } from '../core/present.ts';
import { findAttempt, saveNextStep } from '../store.ts';
import { loadProvider } from './load-provider.ts';
import { notifyUrl } from './read-providers.ts';

/**
 * Asks the provider to collect an attempt that is committed, and keeps what the payer does next. A crash before the
 * outcome is kept leaves a pending attempt, whose money a notification or a query finds all the same.
 */
export async function startPayment(context: Context, paymentId: string): Promise<PaymentView> {
  const attempt = await findAttempt(context.database, paymentId);
  invariant(attempt, 'a payment is started after its attempt is committed');
  const loaded = await loadProvider(context, context.database, attempt.provider);
  const isStarted = attempt.status !== 'pending' || attempt.next.type !== 'none';
  if (isStarted || !loaded?.connection) return presentPayment(attempt);

  const outcome = await loaded.connection.start({
    number: attempt.number,
    title: attempt.title,
    charged: attempt.charged,
    notifyUrl: notifyUrl(context, attempt.provider),
    returnUrl: attempt.returnUrl ?? `${context.config.publicUrl}/checkout/${attempt.id}`,
    means: attempt.means,
    expiresAt: attempt.expiresAt,
    payer: {
      organizationId: attempt.organizationId,
      ...{ email: null, customer: null, locale: 'en', address: null },
    },
    savesMethod: attempt.savesMethod,
  });
  if (outcome.status === 'pending') {
    await saveNextStep(context.database, attempt.id, {
      ...{ next: outcome.next, status: 'pending', declineCode: null },
      reference: outcome.reference ?? null,
    });
  } else if (outcome.status === 'declined') {
    await saveNextStep(context.database, attempt.id, {
      ...{ next: { type: 'none' }, status: 'failed', declineCode: outcome.code, reference: null },
    });
  }
  return presentPayment((await findAttempt(context.database, paymentId)) ?? attempt);
}
