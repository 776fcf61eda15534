/** A subscription's life by API alone, with months that pass on the sandbox's clock. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type Customer,
  createClient,
  done,
  type Json,
  newCustomer,
  payIn,
  signIn,
  until,
} from '../client.ts';
import { type ServerProcess, startServer } from '../server.ts';

let server: ServerProcess;
let operator: Client;
let customers = 0;

beforeAll(async () => {
  server = await startServer();
  operator = await signIn(server, server.operator);
  for (const plan of plans) await done(operator.post('/api/v1/admin/plans', plan));
});
afterAll(() => server?.dispose());

const requests = (limit: number) => [
  { meter: 'requests', window: 'month', anchor: 'subscription', limit },
];
const plans = [
  {
    slug: 'studio',
    name: 'Studio',
    prices: [
      { currency: 'USD', interval: 'month', amount: '20.00' },
      { currency: 'USD', interval: 'year', amount: '200.00' },
    ],
    quotas: requests(1_000),
  },
  {
    slug: 'agency',
    name: 'Agency',
    prices: [{ currency: 'USD', interval: 'month', amount: '50.00' }],
    quotas: requests(10_000),
  },
  {
    slug: 'tryout',
    name: 'Tryout',
    prices: [{ currency: 'USD', interval: 'month', amount: '10.00' }],
    trial_days: 14,
    quotas: requests(100),
  },
];

const base = '/api/v1/billing/subscriptions';
const advance = (by: string) => done(operator.post('/api/v1/admin/sandbox/clock', { advance: by }));
const businessTime = async () =>
  new Date((await done(createClient(server).get('/api/v1/deployment'))).business_time);

async function subscriber(funds: string): Promise<Customer> {
  customers += 1;
  const customer = await newCustomer(server, `subscriber${customers}`);
  if (funds !== '0') await payIn(operator, customer.organization, funds);
  return customer;
}

const subscribe = ({ client }: Customer, body: object) =>
  done(client.post(base, { billing_cycle: 'month', currency: 'USD', provider: 'wallet', ...body }));
const subscriptionOf = async ({ client }: Customer): Promise<Json> =>
  (await done(client.get(base))).data[0];
const invoicesOf = async ({ client }: Customer): Promise<Json[]> =>
  (await done(client.get('/api/v1/billing/invoices'))).data.filter(
    ({ kind }: Json) => kind === 'subscription',
  );
const walletOf = async ({ client }: Customer): Promise<string> =>
  (await done(client.get('/api/v1/billing/wallet'))).balance;
const limitOf = async ({ client }: Customer): Promise<string | undefined> =>
  (await done(client.get('/api/v1/billing/quotas'))).data.find(
    ({ meter }: Json) => meter === 'requests',
  )?.limit;
const mailsTo = async ({ email }: Customer): Promise<string[]> =>
  (
    await done(createClient(server).get(`/sandbox/mailbox?to=${encodeURIComponent(email)}`))
  ).data.map(({ subject }: Json) => subject);

describe('a subscription', () => {
  test('is paid from the wallet, and in force with the payment', async () => {
    const ann = await subscriber('100.00');
    const preview = await done(
      ann.client.post(`${base}/preview`, { plan: 'studio', billing_cycle: 'month' }),
    );
    expect(preview).toMatchObject({ effect: 'now', total: '20.00', due: '20.00' });
    const bought = await subscribe(ann, { plan: 'studio' });
    expect(bought).toMatchObject({
      subscription: { status: 'active', plan: { slug: 'studio' }, provider: 'wallet' },
      invoice: { status: 'paid', total: '20.00', lines: [{ amount: '20.00' }] },
    });
    expect(bought.invoice.number).toMatch(/^INV-\d{4}-\d{6}$/);
    expect(await walletOf(ann)).toBe('80.00');
    expect(await limitOf(ann)).toBe('1000');
    const again = await ann.client.post(base, { plan: 'agency', provider: 'wallet' });
    expect([again.status, again.body.error.code]).toEqual([409, 'already_subscribed']);
  });

  test('goes up at once for what the preview said, and down at the period’s end', async () => {
    const bea = await subscriber('500.00');
    const { subscription } = await subscribe(bea, { plan: 'studio' });
    await advance('P10D');
    const path = `${base}/${subscription.id}`;
    const preview = await done(
      bea.client.post(`${path}/preview`, { action: 'change', plan: 'agency' }),
    );
    const { invoice } = await done(
      bea.client.post(`${path}/upgrade`, { plan: 'agency', provider: 'wallet' }),
    );
    expect(Number(invoice.total)).toBeGreaterThan(15);
    expect(Number(invoice.total)).toBeLessThan(30);
    // A second or two may lie between the two; each costs a thousandth of a cent.
    expect(Math.abs(Number(invoice.total) - Number(preview.total))).toBeLessThanOrEqual(0.01);
    expect(Number(await limitOf(bea))).toBeGreaterThan(1_000);

    const down = await done(bea.client.post(`${path}/downgrade`, { plan: 'studio' }));
    expect(down).toMatchObject({
      invoice: null,
      subscription: { plan: { slug: 'agency' }, pending: { plan: { slug: 'studio' } } },
    });
    await advance('P1M');
    expect(await subscriptionOf(bea)).toMatchObject({
      plan: { slug: 'studio' },
      pending: null,
      status: 'active',
    });
    expect((await invoicesOf(bea))[0]).toMatchObject({ total: '20.00', status: 'paid' });
    expect(await limitOf(bea)).toBe('1000');
  });

  test('tries first, then pays; a year that passes at once has twelve renewals', async () => {
    const cat = await subscriber('200.00');
    const { subscription, invoice } = await subscribe(cat, { plan: 'tryout' });
    expect(subscription.status).toBe('trialing');
    expect(invoice?.total ?? '0.00').toBe('0.00');
    expect(await walletOf(cat)).toBe('200.00');
    await advance('P14D');
    expect(await subscriptionOf(cat)).toMatchObject({ status: 'active' });
    expect(await walletOf(cat)).toBe('190.00');
    await advance('P1Y');
    const paid = (await invoicesOf(cat)).filter(({ total }) => total === '10.00');
    expect(paid.map(({ status }) => status)).toEqual(Array.from({ length: 13 }, () => 'paid'));
    const begun = paid.map(({ lines }) => lines[0].period.from);
    expect(new Set(begun).size).toBe(13);
    expect(begun).toEqual([...begun].sort().reverse());
    expect(await walletOf(cat)).toBe('70.00');
  }, 120_000);

  test('is past due when nothing covers it, then suspended; a late payment brings all back', async () => {
    const dan = await subscriber('25.00');
    await subscribe(dan, { plan: 'studio' });
    await advance('P1M');
    await advance('P2D');
    expect(await subscriptionOf(dan)).toMatchObject({ status: 'past_due' });
    expect(await limitOf(dan)).toBe('1000');
    await advance('P7D');
    expect(await limitOf(dan)).toBeUndefined();
    const mails = await until(async () => {
      const subjects = await mailsTo(dan);
      return subjects.length >= 4 && subjects;
    });
    expect(mails.length).toBeGreaterThanOrEqual(4);

    const [owed] = await invoicesOf(dan);
    expect(owed).toMatchObject({ status: 'open', overdue: true, due: '20.00' });
    await payIn(operator, dan.organization, '20.00');
    await done(dan.client.post(`/api/v1/billing/invoices/${owed?.id}/pay`, { provider: 'wallet' }));
    expect(await subscriptionOf(dan)).toMatchObject({ status: 'active' });
    expect(await limitOf(dan)).toBe('1000');
  }, 60_000);

  test('ends with what is paid, or at once for what is unused', async () => {
    const [eve, fay] = [await subscriber('20.00'), await subscriber('20.00')];
    const one = (await subscribe(eve, { plan: 'studio' })).subscription;
    const other = (await subscribe(fay, { plan: 'studio' })).subscription;
    const canceled = await done(eve.client.post(`${base}/${one.id}/cancel`, {}));
    expect(canceled.subscription).toMatchObject({
      status: 'canceled',
      actions: ['cancel', 'resume'],
    });
    expect(await limitOf(eve)).toBe('1000');
    const now = await done(fay.client.post(`${base}/${other.id}/cancel`, { when: 'now' }));
    expect(now.subscription.status).toBe('expired');
    expect(await limitOf(fay)).toBeUndefined();
    const notes = await done(fay.client.get('/api/v1/billing/credit-notes'));
    expect(notes.data).toHaveLength(1);
    expect(Number(notes.data[0].total)).toBeGreaterThan(19.9);

    await advance('P1M');
    await advance('P1D');
    expect(await subscriptionOf(eve)).toMatchObject({ status: 'expired' });
    expect(await limitOf(eve)).toBeUndefined();
    expect(await invoicesOf(eve)).toHaveLength(1);
  });

  test('is discounted by a coupon as long as that lasts', async () => {
    await done(
      operator.post('/api/v1/admin/coupons', {
        code: 'HALF2',
        percent: '50',
        duration: 'repeating',
        periods: 2,
        redemptions_max: 1,
      }),
    );
    const gus = await subscriber('100.00');
    const { invoice } = await subscribe(gus, { plan: 'studio', coupon: 'half2' });
    expect(invoice).toMatchObject({ subtotal: '20.00', discount: '10.00', total: '10.00' });
    await advance('P2M');
    const totals = (await invoicesOf(gus)).map(({ total }) => total);
    expect(totals).toEqual(['20.00', '10.00', '10.00']);
    const hal = await subscriber('100.00');
    const refused = await hal.client.post(base, {
      plan: 'studio',
      billing_cycle: 'month',
      provider: 'wallet',
      coupon: 'HALF2',
    });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'coupon_invalid']);
  });

  test('leaves books that prove themselves', async () => {
    expect((await businessTime()).getTime()).toBeGreaterThan(Date.now());
    const runs = await done(operator.get('/api/v1/admin/billing-runs'));
    expect(runs.data.length).toBeGreaterThan(12);
    expect(runs.data.every(({ failed }: Json) => failed === 0)).toBe(true);
  });
});
