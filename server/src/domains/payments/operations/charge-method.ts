/**
 * Charges a stored method for an attempt that is committed. It may be repeated: the number is the same, so it is the
 * same charge at the provider. What stops where:
 *
 * - before the provider is called: the poll asks, hears that there is no such order, and charges under the same number;
 * - after the call, before its outcome is kept: the poll finds the charge, or its decline;
 * - no answer: the attempt stays pending and is asked about; no other charge of the invoice begins beside it;
 * - the settlement fails: nothing of it is kept, and the poll settles.
 *
 * Two processes at once send the same number twice, and settle or fail it once, behind the attempt's lock.
 */
import type { Context } from '../../../platform/context.ts';
import { saveCharge } from '../charges-store.ts';
import type { Attempt } from '../core/attempt.ts';
import { findMethod } from '../methods-store.ts';
import type { ChargeOutcome, SavedMethod, StoredMethods } from '../provider.ts';
import { failAttempt } from './fail-attempt.ts';
import { loadProvider } from './load-provider.ts';
import { openMethod } from './method-seals.ts';
import { loadPayer } from './payer.ts';
import { notifyUrl } from './read-providers.ts';
import { settleAttempt } from './settle-attempt.ts';

export async function chargeMethod(asker: Context, attempt: Attempt): Promise<void> {
  const actor = { ...asker.actor, kind: 'provider' as const, id: attempt.provider };
  const context: Context = { ...asker, actor };
  const method = attempt.methodId && (await findMethod(context.database, attempt.methodId));
  if (!method || method.status !== 'active') {
    await failAttempt(context, attempt, { status: 'failed', code: 'method_unusable' });
    return;
  }
  const loaded = await loadProvider(context, context.database, attempt.provider);
  const { merchant, methods } = loaded?.connection ?? {};
  // Settings that changed meanwhile are no answer: it is asked about later, and ends with its term.
  if (!methods || merchant !== attempt.merchant) return;
  const outcome = await charge(context, methods, { attempt, saved: openMethod(context, method) });
  await conclude(context, attempt, outcome);
}

async function charge(
  context: Context,
  methods: StoredMethods,
  { attempt, saved }: { attempt: Attempt; saved: SavedMethod },
): Promise<ChargeOutcome> {
  const payer = await loadPayer(context, attempt);
  const { number, title, charged, means, expiresAt, provider } = attempt;
  return methods.charge(
    {
      ...{ number, title, charged, means, expiresAt },
      notifyUrl: notifyUrl(context, provider),
      returnUrl: attempt.returnUrl ?? `${context.config.publicUrl}/checkout/${attempt.id}`,
      payer: { ...payer, customer: saved.customer },
      savesMethod: false,
    },
    saved,
  );
}

async function conclude(context: Context, attempt: Attempt, outcome: ChargeOutcome): Promise<void> {
  const { reference } = outcome;
  await saveCharge(context.database, attempt.id, {
    reference,
    ...(outcome.status === 'processing' && { isProcessing: true }),
  });
  const { id: payment, provider } = attempt;
  switch (outcome.status) {
    case 'succeeded':
      await settleAttempt(context, { ...outcome.money, provider, source: 'query' });
      return;
    case 'declined':
      await failAttempt(context, attempt, { status: 'failed', code: outcome.code });
      return;
    case 'unknown':
      context.log.warn(
        { payment, provider },
        'a charge had no answer: the provider is asked again',
      );
      return;
    case 'processing':
      return;
  }
}
