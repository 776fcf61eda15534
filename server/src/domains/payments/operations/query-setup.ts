import { type Context, inTransaction } from '../../../platform/context.ts';
import { type MethodSetup, setupAfterQuery } from '../core/method.ts';
import { paymentMethodDeclined } from '../events.ts';
import type { SetupOutcome } from '../provider.ts';
import { closeSetup } from '../setups-store.ts';
import { keepMethodOfSetup } from './keep-method.ts';
import { loadProvider } from './load-provider.ts';

/** Asks the provider what became of a set-up, and keeps the method that it has stored. */
export async function querySetup(asker: Context, setup: MethodSetup): Promise<void> {
  const actor = { ...asker.actor, kind: 'provider' as const, id: setup.provider };
  const context: Context = { ...asker, actor };
  const loaded = await loadProvider(context, context.database, setup.provider);
  const { number, reference } = setup;
  const outcome: SetupOutcome = (await loaded?.connection?.methods?.findSetup({
    ...{ number, reference, mayCapture: setup.status === 'pending' },
  })) ?? { status: 'unknown' };
  if (outcome.status === 'stored') {
    await keepMethodOfSetup(context, setup, outcome.method);
    return;
  }
  const status = setupAfterQuery(setup, outcome.status, context.clocks.business());
  if (status === 'pending') return;
  const declineCode = outcome.status === 'declined' ? (outcome.code ?? null) : null;
  const { organizationId } = setup;
  await inTransaction(context, async (transaction) => {
    const is = { status, declineCode, methodId: null };
    if (!(await closeSetup(transaction, setup.id, is)) || declineCode === null) return;
    await context.events.announce(context, transaction, paymentMethodDeclined, { organizationId });
  });
}
