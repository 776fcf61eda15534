import type { Context } from '../../../platform/context.ts';
import { endAttempt, listOpenAttemptIds } from '../charges-store.ts';
import { type Attempt, isOpen } from '../core/attempt.ts';
import { findAttempt } from '../store.ts';
import { loadProvider } from './load-provider.ts';
import { askedOf, queryAttempt } from './query-attempt.ts';

/** What stands in the way of another attempt of an invoice; undefined where nothing does. */
export type Standing = { kind: 'paid' | 'under_way'; paymentId: string };

/**
 * Before an invoice is tried again: closes what can still be paid for it at providers that let us, so that it is not
 * paid twice. Where that comes too late the money is settled. What a provider does not close stays payable, and should
 * both be paid, the second is unapplied.
 */
export async function closeOpenAttempts(
  context: Context,
  invoiceId: string,
): Promise<Standing | undefined> {
  let standing: Standing | undefined;
  for (const id of await listOpenAttemptIds(context.database, invoiceId)) {
    const found = await closeAttempt(context, id);
    if (found && standing?.kind !== 'paid') standing = { kind: found, paymentId: id };
  }
  return standing;
}

async function closeAttempt(context: Context, id: string): Promise<Standing['kind'] | undefined> {
  const attempt = await findAttempt(context.database, id);
  if (!attempt || !isOpen(attempt.status)) return undefined;
  // A charge cannot be called off: it is known how it ended, or it is under way.
  if (attempt.methodId !== null || attempt.isProcessing) return askAgain(context, attempt);
  const loaded = await loadProvider(context, context.database, attempt.provider);
  const asked = { ...askedOf(attempt), mayCapture: false };
  const outcome = await loaded?.connection?.close?.(asked);
  if (outcome?.status === 'closed') {
    await endAttempt(context.database, id, { status: 'canceled', declineCode: null });
  }
  return outcome?.status === 'paid' ? askAgain(context, attempt) : undefined;
}

async function askAgain(context: Context, attempt: Attempt): Promise<Standing['kind'] | undefined> {
  await queryAttempt(context, attempt);
  const now = await findAttempt(context.database, attempt.id);
  if (now?.status === 'succeeded') return 'paid';
  const isUnderWay = now && isOpen(now.status) && (now.isProcessing || now.methodId !== null);
  return isUnderWay ? 'under_way' : undefined;
}
