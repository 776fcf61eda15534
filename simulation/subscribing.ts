/** What customers do with their subscriptions. Whatever is previewed is done at the same instant, and must come out alike. */
import type { Json } from './client.ts';
import type { Customer, Habits } from './customer.ts';
import { attempt, count, find, type Story } from './story.ts';

const base = '/api/v1/billing/subscriptions';

/** One thing that fits the state of the customer's subscription. */
export async function changeSomething(story: Story, customer: Customer): Promise<void> {
  const { random } = customer;
  const subscription = await currentOf(customer);
  switch (subscription?.status) {
    case undefined:
    case 'expired':
      return subscribe(story, customer);
    case 'trialing':
    case 'active': {
      const what = random.weighted({ change: 12, cancel: 2, cancel_now: 1, pause: 2, package: 3 });
      if (what === 'change') return change(story, customer, subscription);
      if (what === 'package') return buyPackage(story, customer);
      if (what === 'pause') return act(story, customer, { subscription, action: 'pause' });
      return cancel(story, customer, { subscription, now: what === 'cancel_now' });
    }
    case 'paused':
    case 'canceled':
      return resume(story, customer, subscription);
    default:
      // What is owed comes first.
      return;
  }
}

export async function subscribe(story: Story, customer: Customer): Promise<void> {
  const { client, random } = customer;
  const wish = {
    ...wishOf(story, customer),
    ...(random.chance(0.3) &&
      story.catalog.coupons.length > 0 && { coupon: random.pick(story.catalog.coupons) }),
  };
  const preview = await attempt(story, 'preview', client.post(`${base}/preview`, wish));
  if (!preview) return;
  if (customer.habits.pays === 'transfer') return subscribeByMail(story, customer, wish);
  const bought = await attempt(
    story,
    'subscribe',
    client.post(base, { ...wish, provider: 'wallet' }),
  );
  if (bought) compare(story, customer, { preview, bought });
}

/** Whom the operator subscribes is asked for the money by mail. */
async function subscribeByMail(story: Story, customer: Customer, wish: object): Promise<void> {
  const body = { organization: customer.organizationId, provider: null, ...wish };
  await attempt(story, 'subscribe', story.world.operator.post('/api/v1/admin/subscriptions', body));
}

async function change(story: Story, customer: Customer, subscription: Json): Promise<void> {
  const { client, random } = customer;
  const { plan, billing_cycle, quantity } = wishOf(story, customer);
  if (
    plan === subscription.plan.slug &&
    billing_cycle === subscription.billing_cycle &&
    quantity === subscription.quantity
  ) {
    return;
  }
  const wish = { plan, billing_cycle, quantity };
  const path = `${base}/${subscription.id}`;
  const ask = (when: object) =>
    attempt(
      story,
      'preview',
      client.post(`${path}/preview`, { action: 'change', ...wish, ...when }),
    );
  const preview = await ask({});
  if (!preview) return;
  if (preview.effect === 'period_end' && random.chance(0.3)) {
    const when = { when: 'now' };
    const atOnce = await ask(when);
    const answer = client.post(`${path}/downgrade`, { ...wish, ...when });
    const bought = await attempt(story, 'downgrade at once', answer);
    if (atOnce && bought) compare(story, customer, { preview: atOnce, bought });
    return;
  }
  const bought = await switchTo(story, customer, { path, wish });
  if (bought) compare(story, customer, { preview, bought });
}

/** Whoever asks for more than it is hears that it costs less. */
async function switchTo(
  story: Story,
  { client, habits }: Customer,
  { path, wish }: { path: string; wish: object },
): Promise<Json | undefined> {
  const answer = await client.post(`${path}/upgrade`, { ...wish, ...payOf(habits) });
  if (answer.body?.error?.code !== 'rule_violated') return attempt(story, 'upgrade', answer);
  return attempt(story, 'downgrade', client.post(`${path}/downgrade`, wish));
}

async function cancel(
  story: Story,
  customer: Customer,
  { subscription, now }: { subscription: Json; now: boolean },
): Promise<void> {
  const when = now ? 'now' : 'period_end';
  const { client } = customer;
  const path = `${base}/${subscription.id}`;
  const preview = await attempt(
    story,
    'preview',
    client.post(`${path}/preview`, { action: 'cancel', when }),
  );
  if (!preview) return;
  const what = now ? 'cancel at once' : 'cancel';
  const bought = await attempt(story, what, client.post(`${path}/cancel`, { when }));
  if (bought) compare(story, customer, { preview, bought });
}

async function resume(story: Story, customer: Customer, subscription: Json): Promise<void> {
  const path = `${base}/${subscription.id}/resume`;
  await attempt(story, 'resume', customer.client.post(path, payOf(customer.habits)));
}

async function act(
  story: Story,
  { client }: Customer,
  { subscription, action }: { subscription: Json; action: 'pause' },
): Promise<void> {
  await attempt(story, action, client.post(`${base}/${subscription.id}/${action}`, {}));
}

export async function buyPackage(story: Story, { client, random }: Customer): Promise<void> {
  const path = `/api/v1/billing/packages/${random.pick(story.catalog.packageIds)}/purchase`;
  await attempt(story, 'buy package', client.post(path, { provider: 'wallet' }));
}

/** Who pays by transfer is asked by mail. */
function payOf({ pays }: Habits): object {
  return pays === 'transfer' ? {} : { provider: 'wallet' };
}

function wishOf({ catalog }: Story, { random }: Customer) {
  const { slug, cycles } = random.pick(catalog.plans);
  return {
    ...{ plan: slug, billing_cycle: random.pick(cycles), currency: 'USD' },
    quantity: random.pick([1, 1, 1, 2, 7]),
  };
}

/** The newest of the organization's subscriptions. */
async function currentOf({ client }: Customer): Promise<Json | undefined> {
  const { body } = await client.get(`${base}?limit=1`);
  return body?.data?.[0];
}

/** What was shown before is what was done, to the cent. */
function compare(
  story: Story,
  { index }: Customer,
  { preview, bought }: { preview: Json; bought: Json },
): void {
  const { invoice } = bought;
  if (invoice === null) {
    if (!isNothing(preview)) count(story, 'given back');
    if (preview.total.startsWith('-') || isNothing(preview)) return;
    find(story, `customer ${index} was shown ${preview.total} and got no invoice`);
    return;
  }
  const shown = [preview.total, ...preview.lines.map(({ amount }: Json) => amount)].join(' ');
  const done = [invoice.total, ...invoice.lines.map(({ amount }: Json) => amount)].join(' ');
  if (shown !== done) find(story, `customer ${index} was shown ${shown} and invoiced ${done}`);
}

function isNothing({ effect, lines, total }: Json): boolean {
  return effect === 'period_end' || lines.length === 0 || /^0[.0]*$/.test(total);
}
