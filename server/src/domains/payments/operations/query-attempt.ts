import type { Context } from '../../../platform/context.ts';
import { type Attempt, asksAgain, isOpen, statusAfterQuery } from '../core/attempt.ts';
import type { Asked, FindOutcome } from '../provider.ts';
import { saveQueryOutcome } from '../store.ts';
import { loadProvider } from './load-provider.ts';
import { settleAttempt } from './settle-attempt.ts';

/** Asks the provider what became of an attempt, and acts on it. No transaction is open while it is asked. */
export async function queryAttempt(asker: Context, attempt: Attempt): Promise<void> {
  // Whoever asked, the audit log says that the provider told us.
  const actor = { ...asker.actor, kind: 'provider' as const, id: attempt.provider };
  const context: Context = { ...asker, actor };
  const loaded = await loadProvider(context, context.database, attempt.provider);
  const outcome: FindOutcome = (await loaded?.connection?.find(askedOf(attempt))) ?? {
    status: 'unknown',
  };
  if (outcome.status === 'succeeded') {
    const { provider } = attempt;
    await settleAttempt(context, { ...outcome.money, provider, source: 'query' });
    return;
  }
  if (outcome.status === 'unknown') {
    const { id: payment, provider } = attempt;
    context.log.warn({ payment, provider }, 'the provider could not be asked: check its settings');
  }
  const now = context.clocks.business();
  const status = statusAfterQuery(attempt, outcome.status, now);
  // Silence says nothing about money that is known to be under way.
  const isProcessing =
    outcome.status === 'processing' || (outcome.status === 'unknown' && attempt.isProcessing);
  const { expiresAt } = attempt;
  await saveQueryOutcome(context.database, attempt.id, {
    status,
    isProcessing,
    declineCode: outcome.status === 'declined' ? (outcome.code ?? null) : null,
    asksAgain: asksAgain({ status, expiresAt, isProcessing }, now),
  });
}

/** What is asked about an attempt. Money that nobody waits for any more is not captured. */
export function askedOf({ number, reference, charged, status }: Attempt): Asked {
  return { number, reference, charged, mayCapture: isOpen(status) };
}
