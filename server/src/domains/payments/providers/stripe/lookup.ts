/**
 * Finds an order by our number where what Stripe called it was lost. The search is indexed with a delay, so what is
 * newer than that is looked through; open sessions live for a day at most and are looked through too.
 */
import type Stripe from 'stripe';
import { type Account, numberIn } from './account.ts';

/** Usually a minute; an hour where Stripe's indexing is disturbed. https://docs.stripe.com/search */
const searchDelaySeconds = 3_600;
const pageLength = 100;
const pagesMax = 10;

export type Lookup =
  | { found: 'intent'; intent: Stripe.PaymentIntent }
  | { found: 'session'; session: Stripe.Checkout.Session }
  | { found: 'nothing' }
  /** There is more than could be looked through. */
  | { found: 'unclear' };

/** @throws StripeError where there was no answer. */
export async function lookUpNumber(account: Account, number: string): Promise<Lookup> {
  const intents = [...(await searchIntents(account, number))];
  let isComplete = true;
  if (intents.length === 0) {
    const recent = await walkRecentIntents(account, number);
    intents.push(...recent.intents);
    isComplete = recent.isComplete;
  }
  const [intent] = intents.sort((a, b) => weightOf(b) - weightOf(a));
  if (intent) return { found: 'intent', intent };

  const open = await findOpenSession(account, number);
  if (open.session) return { found: 'session', session: open.session };
  return { found: isComplete && open.isComplete ? 'nothing' : 'unclear' };
}

/** @throws StripeError where there was no answer. */
export async function findOpenSession(
  account: Account,
  number: string,
): Promise<{ session?: Stripe.Checkout.Session; isComplete: boolean }> {
  const { sdk } = await account.client();
  let startingAfter: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const sessions = await sdk.checkout.sessions.list({
      ...{ status: 'open', limit: pageLength },
      ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
    });
    const session = sessions.data.find((each) => each.client_reference_id === number);
    if (session) return { session, isComplete: true };
    startingAfter = sessions.data.at(-1)?.id;
    if (!sessions.has_more || startingAfter === undefined) return { isComplete: true };
  }
  return { isComplete: false };
}

async function searchIntents(account: Account, number: string): Promise<Stripe.PaymentIntent[]> {
  const { sdk } = await account.client();
  const answer = await sdk.paymentIntents.search({
    query: `metadata['sluice_number']:'${number}'`,
    ...{ limit: 10, expand: ['data.payment_method'] },
  });
  return answer.data.filter(({ metadata }) => numberIn(metadata) === number);
}

async function walkRecentIntents(
  account: Account,
  number: string,
): Promise<{ intents: Stripe.PaymentIntent[]; isComplete: boolean }> {
  const { sdk } = await account.client();
  let startingAfter: string | undefined;
  let oldest: number | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const { data, has_more: hasMore } = await sdk.paymentIntents.list({
      ...{ limit: pageLength, expand: ['data.payment_method'] },
      ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
    });
    const intents = data.filter(({ metadata }) => numberIn(metadata) === number);
    if (intents.length > 0) return { intents, isComplete: true };
    const last = data.at(-1);
    oldest ??= (data[0]?.created ?? 0) - searchDelaySeconds;
    if (!hasMore || !last || last.created < oldest) return { intents: [], isComplete: true };
    startingAfter = last.id;
  }
  return { intents: [], isComplete: false };
}

/** Money first: were there ever two, the one that was paid is the order's. */
function weightOf({ status }: Stripe.PaymentIntent): number {
  return ['processing', 'succeeded'].indexOf(status);
}
