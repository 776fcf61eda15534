import { type Context, inTransaction } from '../../../platform/context.ts';
import { endAttempt } from '../charges-store.ts';
import type { Attempt } from '../core/attempt.ts';
import type { DeclineCode } from '../core/declines.ts';
import { paymentFailed } from '../events.ts';
import { lockAttempt } from '../store.ts';
import { tellFailed } from './tell-customer.ts';

/**
 * Ends an attempt of which it is certain that it brings no money, and says so within the same transaction. One that is
 * over already stays as it is: whoever was first has said it.
 */
export async function failAttempt(
  context: Context,
  attempt: Attempt,
  is: { status: 'failed' | 'canceled'; code: DeclineCode | undefined },
): Promise<void> {
  const { id: paymentId, organizationId, invoiceId, methodId, isAutomatic } = attempt;
  const { status, code } = is;
  await inTransaction(context, async (transaction) => {
    await lockAttempt(transaction, attempt.number);
    const declineCode = status === 'failed' ? (code ?? null) : null;
    if (!(await endAttempt(transaction, paymentId, { status, declineCode }))) return;
    await context.events.announce(context, transaction, paymentFailed, {
      ...{ paymentId, organizationId, invoiceId, methodId, isAutomatic },
      code: code ?? 'provider_error',
    });
    if (status === 'failed') {
      await tellFailed(context, transaction, { attempt, code: code ?? 'provider_error' });
    }
  });
}
