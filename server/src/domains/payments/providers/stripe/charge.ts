/** Charges a kept method while its payer is elsewhere, and asks about intents that were made so. */
import type Stripe from 'stripe';
import type {
  ChargeOutcome,
  CloseOutcome,
  FindOutcome,
  Order,
  SavedMethod,
} from '../../provider.ts';
import { type Account, moneyOf, numberIn, numberKey } from './account.ts';
import { declineOfIntent } from './declines.ts';
import { declineOfRefusal, readFailure } from './failures.ts';
import { toStripe } from './money.ts';
import { isGone } from './saved-method.ts';
import { readIntent } from './sessions.ts';

/**
 * One charge per number. Stripe keeps the key for a day; beyond it, the customer's own intents say whether the number
 * was charged before. What stops between the two calls has charged nothing, what stops after them is looked up.
 */
export async function chargeMethod(
  account: Account,
  order: Order,
  method: SavedMethod,
): Promise<ChargeOutcome> {
  const amount = toStripe(order.charged);
  if (amount === undefined) return { status: 'declined', code: 'currency_unsupported' };
  const { customer } = method;
  if (customer === null) return { status: 'declined', code: 'method_unusable' };
  const { sdk } = await account.client();
  try {
    const earlier = await sdk.paymentIntents.list({ customer, limit: 100 });
    const same = earlier.data.find(({ metadata }) => numberIn(metadata) === order.number);
    if (same) return outcomeOf(account, same, order.number);
    const intent = await sdk.paymentIntents.create(
      {
        amount,
        currency: order.charged.currency.toLowerCase(),
        customer,
        payment_method: method.reference,
        allowed_payment_method_types: [method.kind === 'bank_account' ? 'us_bank_account' : 'card'],
        confirm: true,
        off_session: true,
        description: order.title.slice(0, 500),
        metadata: { [numberKey]: order.number },
      },
      { idempotencyKey: order.number },
    );
    return outcomeOf(account, intent, order.number);
  } catch (error) {
    return outcomeOfFailure(account, error, method.reference);
  }
}

function outcomeOf(account: Account, intent: Stripe.PaymentIntent, number: string): ChargeOutcome {
  const reference = intent.id;
  if (intent.livemode !== account.settings.isLive) return { status: 'unknown', reference };
  if (intent.status === 'processing') return { status: 'processing', reference };
  if (intent.status === 'succeeded') {
    const money = moneyOf(account, intent, number);
    return money ? { status: 'succeeded', money, reference } : { status: 'unknown', reference };
  }
  if (intent.status === 'requires_action') {
    return { status: 'declined', code: 'action_required', reference };
  }
  const code = declineOfIntent(intent);
  return code ? { status: 'declined', code, reference } : { status: 'unknown', reference };
}

async function outcomeOfFailure(
  account: Account,
  error: unknown,
  method: string,
): Promise<ChargeOutcome> {
  const failure = readFailure(error);
  if (failure.kind === 'declined') {
    const reference = failure.intent?.id;
    return { status: 'declined', code: failure.code, ...(reference ? { reference } : {}) };
  }
  if (failure.kind !== 'refused') return { status: 'unknown' };
  const code = declineOfRefusal(failure);
  if (code !== 'provider_error') return { status: 'declined', code };
  // A method that was taken off its customer is refused without a code.
  const isLost = (await isGone(account, method)) === 'removed';
  return { status: 'declined', code: isLost ? 'method_unusable' : code };
}

/** What became of a charge. Nobody is there to act on it, so an intent that waits for its payer is declined. */
export async function findCharge(
  account: Account,
  id: string,
  number: string,
): Promise<FindOutcome> {
  try {
    const { sdk } = await account.client();
    const intent = await sdk.paymentIntents.retrieve(id, { expand: ['payment_method'] });
    const outcome = readIntent(account, intent, number);
    const waits = outcome.status === 'pending' && intent.status === 'requires_action';
    return waits ? { status: 'declined', code: 'action_required' } : outcome;
  } catch {
    return { status: 'unknown' };
  }
}

export async function cancelIntent(account: Account, id: string): Promise<CloseOutcome> {
  const { sdk } = await account.client();
  try {
    const { status } = await sdk.paymentIntents.cancel(id);
    return status === 'canceled' ? { status: 'closed' } : { status: 'unknown' };
  } catch (error) {
    if (readFailure(error).kind !== 'refused') return { status: 'unknown' };
  }
  try {
    const { status } = await sdk.paymentIntents.retrieve(id);
    if (status === 'canceled') return { status: 'closed' };
    const isPaid = status === 'succeeded' || status === 'processing';
    return { status: isPaid ? 'paid' : 'unknown' };
  } catch {
    return { status: 'unknown' };
  }
}
