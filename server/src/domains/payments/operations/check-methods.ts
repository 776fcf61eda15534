/**
 * Compares stored methods with what their providers know of them, each once a day. A payer removes a card or ends an
 * agreement at the provider, and the word of it may be lost: then a renewal would fail that could have been asked for
 * in time. A card that its bank has renewed gets its new expiry in the same way.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { claimChecks, type StoredMethod, saveConfirmed } from '../methods-store.ts';
import type { MethodOutcome, SavedMethod } from '../provider.ts';
import { loadProvider } from './load-provider.ts';
import { openMethod } from './method-seals.ts';
import { forgetRemoved } from './remove-method.ts';

const checksAtOnceMax = 500;
/** A little less than a day, so that a check does not wander around the clock. */
const againAfterMs = 23 * 3_600_000;

/** Answers how many methods were asked about. Who does not answer is asked again tomorrow: nothing is lost by it. */
export async function checkMethods(context: Context): Promise<number> {
  const now = context.clocks.business();
  const due = await inTransaction(context, (transaction) =>
    claimChecks(transaction, {
      now,
      limit: checksAtOnceMax,
      againAt: new Date(now.getTime() + againAfterMs),
    }),
  );
  for (const method of due) {
    try {
      await checkMethod(context, method);
    } catch (error) {
      context.log.error(
        { err: error, method: method.id, provider: method.provider },
        'a stored method could not be compared with its provider; it is compared again',
      );
    }
  }
  return due.length;
}

async function checkMethod(asker: Context, method: StoredMethod): Promise<void> {
  const { id, provider } = method;
  const context: Context = { ...asker, actor: { ...asker.actor, kind: 'provider', id: provider } };
  const saved = openMethod(context, method);
  const outcome = await ask(context, method, saved);
  if (outcome.status === 'removed') {
    context.log.warn({ method: id, provider }, 'a stored method is gone, and nobody had told us');
    await forgetRemoved(context, { provider, reference: saved.reference });
  }
  if (outcome.status === 'stored') await confirm(context, method, outcome.method);
}

async function ask(
  context: Context,
  { provider, merchant }: StoredMethod,
  saved: SavedMethod,
): Promise<MethodOutcome> {
  const loaded = await loadProvider(context, context.database, provider);
  const { connection } = loaded ?? {};
  // Another account's answer says nothing of what was stored with this one.
  if (!connection?.methods || connection.merchant !== merchant) return { status: 'unknown' };
  return connection.methods.find(saved);
}

async function confirm(context: Context, was: StoredMethod, is: SavedMethod): Promise<void> {
  const { label, expires } = is;
  await inTransaction(context, async (transaction) => {
    await saveConfirmed(transaction, was.id, { label, expires, at: context.clocks.business() });
    if (label === was.label && expires === was.expires) return;
    await recordAudit(context, transaction, {
      organizationId: was.organizationId,
      action: 'payment_method.change',
      resource: { kind: 'payment_method', id: was.id },
      oldValues: { label: was.label, expires: was.expires },
      newValues: { label, expires },
    });
  });
}
