/** Cards and bank accounts that Stripe keeps for a payer. */
import type Stripe from 'stripe';
import type { Asked, SetupOutcome, StoredMethods } from '../../provider.ts';
import { type Account, idOf, numberIn } from './account.ts';
import { chargeMethod } from './charge.ts';
import { declineOf } from './declines.ts';
import { readFailure } from './failures.ts';
import { describeMethod, findMethod, isGone } from './saved-method.ts';
import { openSession } from './sessions.ts';

export function storedMethods(account: Account): StoredMethods {
  return {
    setUp: (order) => openSession(account, { ...order, purpose: 'setup' }),
    findSetup: (asked) => findSetup(account, asked),
    find: ({ reference }) => findMethod(account, reference),
    charge: (order, method) => chargeMethod(account, order, method),
    remove: (method) => removeMethod(account, method.reference),
  };
}

async function findSetup(
  account: Account,
  { number, reference }: Omit<Asked, 'charged'>,
): Promise<SetupOutcome> {
  // Without its name a setup is not found again; the payer is never shown a page whose name was not kept.
  if (reference === null) return { status: 'absent' };
  try {
    const { sdk } = await account.client();
    const session = await sdk.checkout.sessions.retrieve(reference, {
      expand: ['setup_intent.payment_method'],
    });
    return readSetup(account, session, number);
  } catch {
    return { status: 'unknown' };
  }
}

function readSetup(
  account: Account,
  session: Stripe.Checkout.Session,
  number: string,
): SetupOutcome {
  const isOurs =
    session.livemode === account.settings.isLive &&
    session.mode === 'setup' &&
    numberIn(session.metadata) === number;
  if (!isOurs) return { status: 'unknown' };
  if (session.status === 'expired') return { status: 'declined', code: 'canceled_by_payer' };
  const intent = session.setup_intent;
  if (session.status !== 'complete' || typeof intent !== 'object' || intent === null) {
    return { status: 'pending' };
  }
  if (intent.status !== 'succeeded') {
    const { last_setup_error: error } = intent;
    return error ? { status: 'declined', code: declineOf(error) } : { status: 'pending' };
  }
  const method = describeMethod(intent.payment_method, idOf(intent.customer));
  return method ? { status: 'stored', method } : { status: 'unknown' };
}

async function removeMethod(account: Account, reference: string): Promise<'removed' | 'unknown'> {
  const { sdk } = await account.client();
  try {
    await sdk.paymentMethods.detach(reference);
    return 'removed';
  } catch (error) {
    // One that is detached already is refused, and so is one that never was: only its state tells them apart.
    return readFailure(error).kind === 'refused' ? isGone(account, reference) : 'unknown';
  }
}
