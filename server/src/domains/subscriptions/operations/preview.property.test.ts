import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../../platform/errors.ts';
import { createCoupon } from '../../catalog/operations/create-coupon.ts';
import { judgeOverdueInvoices } from '../../invoicing/index.ts';
import { changeBillingDetails } from '../../invoicing/operations/billing-details.ts';
import { createTaxRate } from '../../invoicing/operations/tax-rates.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { changeSettings } from '../../settings/index.ts';
import type { SubscriptionPurchaseView } from '../core/present-subscription.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { previewNextInvoice } from './preview-next-invoice.ts';
import { previewNewSubscription, previewSubscription } from './preview-subscription.ts';
import { runBilling } from './run-billing.ts';
import { setRenewalProvider } from './set-renewal-provider.ts';

const seed = 20_261_121;
const prices = (month: string, year: string) => [usd('month', month), usd('year', year)];

let world: Subscribers;

beforeAll(async () => {
  world = await openSubscribers([
    { slug: 'small', name: 'Small', prices: prices('9.99', '99.90'), quotas: [requests(100)] },
    {
      ...{ slug: 'large', name: 'Large', prices: prices('49.50', '499'), quotas: [requests(1000)] },
      charges: [{ meter: 'requests', model: 'flat', amount: '0.335' }],
    },
    {
      ...{ slug: 'daily', name: 'Daily', prices: prices('30', '301'), proration: 'day' },
      quotas: [requests(500)],
    },
    {
      ...{ slug: 'whole', name: 'Whole', prices: prices('20', '200') },
      ...{ proration: 'none', refund: 'full' },
    },
    { slug: 'tried', name: 'Tried', prices: prices('15', '150'), trial_days: 10, refund: 'none' },
  ]);
  const { context } = world;
  await changeSettings(context, { invoice_grace_hours: 0 });
  const coupons = [
    { code: 'ONCE', percent: '15', duration: 'once' },
    { code: 'THRICE', percent: '33.3', duration: 'repeating', periods: 3 },
    { code: 'FIVEOFF', amount: '5.00', currency: 'USD', duration: 'forever' },
  ] as const;
  for (const coupon of coupons) await createCoupon(context, coupon);
  await createTaxRate(context, { country: 'DE', name: 'MwSt', rate: '19', inclusive: false });
  await createTaxRate(context, { country: 'CN', name: 'VAT', rate: '6', inclusive: true });
});
afterAll(() => world.close());

const plan = fc.constantFrom('small', 'large', 'daily', 'whole', 'tried');
const cycle = fc.constantFrom('month', 'month', 'month', 'year');
const when = fc.constantFrom('now' as const, 'period_end' as const, undefined);
const quantity = fc.constantFrom(1, 1, 1, 2, 3);

const ask = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ action: fc.constant('change' as const), plan, cycle, quantity, when }),
  },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('cancel' as const), when }) },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('pause' as const) }) },
  { weight: 2, arbitrary: fc.record({ action: fc.constant('resume' as const) }) },
);
const life = fc.record({
  country: fc.constantFrom(null, 'DE', 'CN'),
  money: fc.constantFrom('100000', '100000', '120'),
  isByLink: fc.boolean(),
  first: fc.record({
    ...{ plan, cycle, quantity },
    coupon: fc.constantFrom(undefined, 'ONCE', 'THRICE', 'FIVEOFF'),
  }),
  steps: fc.array(fc.record({ afterMinutes: fc.integer({ min: 0, max: 40_000 }), ask }), {
    minLength: 3,
    maxLength: 8,
  }),
});

describe('a preview', () => {
  it('is what its execution invoices and makes, whatever came before', async () => {
    const seen = { invoiced: 0, credited: 0, later: 0, refused: 0, renewed: 0 };
    const lives = fc.asyncProperty(life, async ({ country, money, isByLink, first, steps }) => {
      const customer = await world.newCustomer();
      const { organizationId } = customer;
      await changeBillingDetails(world.context, organizationId, { country, paymentTermsDays: 3 });
      await customer.topUp(money);
      let id = await subscribe(customer, first, seen);
      for (const { afterMinutes, ask: asked } of steps) {
        await pass(customer, id, afterMinutes, seen);
        const isOver =
          id === undefined || (await subscriptionOf(world.context, id)).state.status === 'expired';
        if (isOver || id === undefined) id = await subscribe(customer, first, seen);
        else await change(customer, id, { ...asked, isByLink }, seen);
      }
      await readBooks(world.db.database, organizationId);
    });
    await fc.assert(lives, { numRuns: 25, seed });
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(2);
  }, 60_000);
});

type Seen = Record<'invoiced' | 'credited' | 'later' | 'refused' | 'renewed', number>;

async function subscribe(
  customer: Customer,
  wanted: { plan: string; cycle: string; quantity: number; coupon: string | undefined },
  seen: Seen,
): Promise<string | undefined> {
  const { organizationId } = customer;
  const preview = await attempt(() =>
    previewNewSubscription(world.context, { ...wanted, organizationId }),
  );
  const done = await attempt(() => customer.subscribe(wanted.plan, wanted));
  const both = bothDone(preview, done, seen);
  if (!both) return undefined;
  expectInvoiced(both.said, both.made);
  expect(both.made.subscription).toMatchObject(both.said.subscription);
  return both.made.subscription.id;
}

/** Time passes; if a period ends in it, what was said of its invoice just before is what it becomes. */
async function pass(
  customer: Customer,
  id: string | undefined,
  minutes: number,
  seen: Seen,
): Promise<void> {
  const { clocks } = world.platform;
  const to = new Date(+clocks.business() + minutes * 60_000);
  const found = id === undefined ? undefined : await subscriptionOf(world.context, id);
  const end = found?.state.period.to;
  if (found && end && end <= to && ['active', 'trialing'].includes(found.state.status)) {
    clocks.set(end);
    const before = await customer.invoices();
    const said = await previewNextInvoice(world.context, found);
    const credited = await creditedTo(customer);
    await runBilling(world.context);
    const [invoice, ...rest] = await customer.invoices();
    if (rest.length === before.length) {
      expect(invoice).toMatchObject(invoicedOf(said));
      seen.renewed += 1;
    } else {
      expect((await creditedTo(customer)) - credited).toBe(givenBackBy(said));
    }
  }
  clocks.set(to);
  await judgeOverdueInvoices(world.context);
  await runBilling(world.context);
}

async function change(
  customer: Customer,
  id: string,
  { isByLink, ...asked }: { action: 'change' | 'cancel' | 'pause' | 'resume'; isByLink: boolean },
  seen: Seen,
): Promise<void> {
  const { organizationId } = customer;
  const preview = await attempt(() =>
    previewSubscription(world.context, { ...asked, id, organizationId }),
  );
  const credited = await creditedTo(customer);
  const provider = isByLink ? undefined : 'wallet';
  if (isByLink) await setRenewalProvider(world.context, { id, organizationId, provider: null });
  const done = await attempt(() => customer.change(id, { ...asked, provider }));
  const both = bothDone(preview, done, seen);
  if (!both) return;
  const { said, made } = both;
  expectInvoiced(said, made);
  const { invoice } = made;
  if (invoice) seen.invoiced += 1;
  else {
    const back = (await creditedTo(customer)) - credited;
    expect(back).toBe(givenBackBy(said));
    if (back > 0n) seen.credited += 1;
  }
  if (invoice && invoice.status === 'open') await customer.pay(invoice);
  const { state } = await subscriptionOf(world.context, id);
  const { effect, effective_at, subscription } = said;
  if (effect === 'period_end') {
    seen.later += 1;
    expect(effective_at).toBe(state.period.to.toISOString());
    if (state.pending) expect(state.pending.planSlug).toBe(subscription.plan.slug);
    return;
  }
  expect({
    ...{ plan: state.terms.planSlug, quantity: state.terms.quantity, status: state.status },
    period: { from: state.period.from.toISOString(), to: state.period.to.toISOString() },
  }).toEqual({
    ...{ plan: subscription.plan.slug, quantity: subscription.quantity },
    ...{ status: subscription.status, period: subscription.period },
  });
}

type Attempt<T> = { value: T; refusal?: undefined } | { value?: undefined; refusal: Refusal };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

/** What cannot be previewed cannot be done; what can be previewed fails only for want of money. */
function bothDone<A, B>(
  preview: Attempt<A>,
  done: Attempt<B>,
  seen: Seen,
): { said: A; made: B } | undefined {
  if (preview.refusal) {
    seen.refused += 1;
    expect(done.refusal?.code).toBe(preview.refusal.code);
    return undefined;
  }
  if (!done.refusal) return { said: preview.value, made: done.value };
  expect(done.refusal.code).toBe('insufficient_funds');
  return undefined;
}

type Preview = Awaited<ReturnType<typeof previewNewSubscription>>;
type Invoiced = Omit<Preview, 'effect' | 'effective_at' | 'subscription' | 'due'>;

function expectInvoiced(preview: Preview, { invoice }: SubscriptionPurchaseView): void {
  if (invoice) expect(invoice).toMatchObject(invoicedOf(preview));
  else expect(Number(preview.total)).toBeLessThanOrEqual(0);
}

function invoicedOf(preview: Invoiced | undefined): Partial<Invoiced> {
  if (!preview) throw new Error('something was to be invoiced');
  const { currency, lines, subtotal, discount, taxes, tax, total, credit_applied } = preview;
  return { currency, lines, subtotal, discount, taxes, tax, total, credit_applied };
}

function givenBackBy(preview: Pick<Preview, 'total'> | undefined): bigint {
  return -BigInt((preview?.total ?? '0.00').replace('.', ''));
}

/** By credit notes, in all. */
async function creditedTo({ organizationId }: Customer): Promise<bigint> {
  const { rows } = await sql<{ credited: bigint }>`
    select coalesce(sum(total_minor), 0)::bigint as credited
    from invoicing_credit_notes
    where organization_id = ${organizationId}
  `.execute(world.db.database);
  return rows[0]?.credited ?? 0n;
}
