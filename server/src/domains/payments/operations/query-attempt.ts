import type { Context } from '../../../platform/context.ts';
import { type Attempt, asksAgain, isOpen, statusAfterQuery } from '../core/attempt.ts';
import { saveKeptMethod } from '../methods-store.ts';
import type { Asked, FindOutcome, SavedMethod } from '../provider.ts';
import { saveQueryOutcome } from '../store.ts';
import { chargeMethod } from './charge-method.ts';
import { failAttempt } from './fail-attempt.ts';
import { keepMethodOfAttempt } from './keep-method.ts';
import { loadProvider } from './load-provider.ts';
import { settleAttempt } from './settle-attempt.ts';

/**
 * Asks the provider what became of an attempt, and acts on it; answers what it said. No transaction is open while it is
 * asked.
 */
export async function queryAttempt(
  asker: Context,
  attempt: Attempt,
): Promise<FindOutcome['status']> {
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
    if (attempt.savesMethod) await keepPaidMethod(context, attempt, outcome.method);
    return outcome.status;
  }
  if (attempt.status === 'succeeded') {
    // Its money is here: all that was asked for was the method, and the provider has none to tell of now.
    if (attempt.savesMethod) await keepPaidMethod(context, attempt, undefined);
    return outcome.status;
  }
  if (outcome.status === 'unknown') {
    const { id: payment, provider } = attempt;
    context.log.warn({ payment, provider }, 'the provider could not be asked: check its settings');
  }
  await keepOutcome(context, attempt, outcome);
  return outcome.status;
}

const methodQueriesMax = 6;

/** A provider may need some minutes to store what was paid with; after so many questions nothing is coming. */
async function keepPaidMethod(
  context: Context,
  attempt: Attempt,
  method: SavedMethod | undefined,
): Promise<void> {
  if (method) await keepMethodOfAttempt(context, attempt, method);
  else if (attempt.status === 'succeeded' && attempt.queries >= methodQueriesMax) {
    await saveKeptMethod(context.database, attempt.id, null);
  }
}

async function keepOutcome(
  context: Context,
  attempt: Attempt,
  outcome: Exclude<FindOutcome, { status: 'succeeded' }>,
): Promise<void> {
  const now = context.clocks.business();
  const status = statusAfterQuery(attempt, outcome.status, now);
  // Silence says nothing about money that is known to be under way.
  const isProcessing =
    outcome.status === 'processing' || (outcome.status === 'unknown' && attempt.isProcessing);
  const { expiresAt, methodId } = attempt;
  if (outcome.status === 'declined') {
    await failAttempt(context, attempt, { status: 'failed', code: outcome.code });
    return;
  }
  if (methodId !== null && outcome.status === 'absent') {
    // The charge never came there: it is made under the same number, or its term is over and another may be made.
    if (status === 'pending') await chargeMethod(context, attempt);
    else await failAttempt(context, attempt, { status: 'canceled', code: 'provider_error' });
    return;
  }
  await saveQueryOutcome(context.database, attempt.id, {
    status,
    isProcessing,
    declineCode: outcome.status === 'pending' ? (outcome.declined ?? null) : null,
    asksAgain: asksAgain({ status, expiresAt, isProcessing }, now),
  });
}

/** What is asked about an attempt. Money that nobody waits for any more is not captured. */
export function askedOf({ number, reference, charged, status }: Attempt): Asked {
  return { number, reference, charged, mayCapture: isOpen(status) };
}
