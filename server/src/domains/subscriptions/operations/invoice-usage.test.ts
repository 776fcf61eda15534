/** Progressive invoices: whenever they come, a period's invoices come to what one would have. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../../platform/context.ts';
import type { TestPlatform } from '../../../platform/testkit/platform.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { changeSettings } from '../../settings/index.ts';
import { openPress, type Press, type SubscriptionInvoice } from '../testing/press.ts';
import { changeSubscription } from './change-subscription.ts';
import { invoiceUsage } from './invoice-usage.ts';
import { runBilling } from './run-billing.ts';
import { setRenewalProvider } from './set-renewal-provider.ts';
import { subscribe } from './subscribe.ts';

const template = `
application: { slug: press, name: Press }
meters:
  - { key: sheets, name: Sheets, aggregation: sum }
  - { key: scans, name: Scans, aggregation: sum }
plans:
  - slug: press
    name: Press
    prices:
      - { currency: USD, interval: month, amount: 10, minimum_commitment: 14 }
      - { currency: USD, interval: year, amount: 100 }
    charges:
      - meter: sheets
        model: graduated
        tiers: [{ up_to: 100, unit_amount: 0.0333 }, { up_to: null, unit_amount: 0.0171 }]
      - { meter: scans, model: per_unit, unit_amount: 0.005, minimum_spend: 2 }
  - slug: bulk
    name: Bulk
    prices: [{ currency: USD, interval: month, amount: 1 }]
    charges:
      - meter: sheets
        model: volume
        tiers: [{ up_to: 100, unit_amount: 0.10 }, { up_to: null, unit_amount: 0.05 }]
`;

let press: Press;
let at: TestPlatform;
let context: Context;

beforeAll(async () => {
  press = await openPress(template);
  at = press.platform;
  context = press.context;
  await changeSettings(context, { invoice_grace_hours: 0 });
});
afterAll(() => press.close());

async function customer(plan = 'press', threshold = '5'): Promise<{ id: string; org: string }> {
  const org = await press.newCustomer('5000');
  await changeSettings(context, { usage_invoice_thresholds: { USD: threshold } });
  const { subscription } = await subscribe(context, {
    ...{ organizationId: org, plan, cycle: 'month', provider: 'wallet' },
  });
  return { id: subscription.id, org };
}

const use: Press['use'] = (org, quantity, time, meter) => {
  // What has not happened yet is not reported.
  if (at.clocks.business() < new Date(time)) at.clocks.set(time);
  return press.use(org, quantity, time, meter);
};
const invoices: Press['invoices'] = (org) => press.invoices(org);
const shown = (invoice: SubscriptionInvoice | undefined) =>
  invoice?.lines.map(({ text, amount }) => `${text.code} ${amount}`);

async function passTo(instant: string): Promise<void> {
  at.clocks.set(instant);
  await runBilling(context);
}
/** How many invoices of theirs come of it. */
async function lookAt(org: string, instant: string): Promise<number> {
  at.clocks.set(instant);
  const before = await invoices(org);
  await invoiceUsage(context);
  await runBilling(context);
  return (await invoices(org)).length - before.length;
}

describe('invoiceUsage', () => {
  it('invoices use that has reached the threshold, in whole cents; the last invoice bills the rest', async () => {
    const { org } = await customer();
    await use(org, '101', '2026-03-05T00:00:00.000Z');
    expect(await lookAt(org, '2026-03-06T00:00:00.000Z')).toBe(0);
    await use(org, '99', '2026-03-07T00:00:00.000Z');
    // 100 at 0.0333 and 100 at 0.0171: 5.04.
    expect(await lookAt(org, '2026-03-08T00:00:00.000Z')).toBe(1);
    const [first] = await invoices(org);
    expect(first).toMatchObject({ status: 'paid', total: '5.04' });
    expect(shown(first)).toEqual(['usage_so_far 5.04']);
    expect(first?.lines[0]?.details).toEqual(['100 at 0.0333', '100 at 0.0171']);
    expect(await lookAt(org, '2026-03-08T00:00:00.000Z')).toBe(0);

    await use(org, '301', '2026-03-10T00:00:00.000Z');
    // 401 more would be 6.8571 above the first tier, 10.1871 in all: 10.18 less 5.04.
    expect(await lookAt(org, '2026-03-11T00:00:00.000Z')).toBe(1);
    const [second] = await invoices(org);
    expect(shown(second)).toEqual(['usage_so_far 5.14']);
    expect(second?.lines[0]?.details.at(-1)).toContain('5.04');

    await use(org, '100', '2026-03-20T00:00:00.000Z', 'scans');
    await passTo('2026-04-01T00:00:00.000Z');
    const [last] = await invoices(org);
    expect(shown(last)).toEqual([
      'usage 10.19',
      'usage 0.50',
      'minimum_spend 1.50',
      'usage_invoiced -10.18',
      'plan 10.00',
    ]);
    // 10.1871 + 2 - 10.18 + 10.
    expect(last?.total).toBe('12.01');
    const books = await readBooks(press.db.database, org);
    expect(books['receivable USD'] ?? '0').toBe('0');
  });

  it('leaves a promised minimum and late use as they would be', async () => {
    const { org } = await customer('press', '3');
    await use(org, '100', '2026-03-05T00:00:00.000Z');
    await lookAt(org, '2026-03-06T00:00:00.000Z');
    await passTo('2026-04-01T00:00:00.000Z');
    const [last] = await invoices(org);
    // The price of 10, 3.33 and 2 come to more than 14.
    expect(shown(last)).toEqual([
      'usage 3.33',
      'minimum_spend 2.00',
      'usage_invoiced -3.33',
      'plan 10.00',
    ]);
    await use(org, '1000', '2026-03-31T00:00:00.000Z');
    await passTo('2026-05-01T00:00:00.000Z');
    expect(shown((await invoices(org))[0])?.[0]).toBe('late_usage 17.10');
  });

  it('gives back at the end what a fallen price had made too much', async () => {
    const { org } = await customer('bulk', '5');
    await use(org, '100', '2026-03-05T00:00:00.000Z');
    await lookAt(org, '2026-03-06T00:00:00.000Z');
    expect(shown((await invoices(org))[0])).toEqual(['usage_so_far 10.00']);
    await use(org, '10', '2026-03-07T00:00:00.000Z');
    expect(await lookAt(org, '2026-03-08T00:00:00.000Z')).toBe(0);
    await passTo('2026-04-01T00:00:00.000Z');
    // 110 at 0.05 is 5.50: 4.50 too much, less the next period's price of 1.
    const books = await readBooks(press.db.database, org);
    expect(books['customer_credit USD']).toBe('3.50');
    expect(await invoices(org)).toHaveLength(2);
  });

  it('bills the rest with a change that ends the period', async () => {
    const { id, org } = await customer('press', '3');
    await use(org, '100', '2026-03-05T00:00:00.000Z');
    await lookAt(org, '2026-03-06T00:00:00.000Z');
    await use(org, '10', '2026-03-10T00:00:00.000Z');
    at.clocks.set('2026-03-20T00:00:00.000Z');
    await changeSubscription(context, { id, organizationId: org, action: 'cancel', when: 'now' });
    // 3.501 for 110, a minimum of 2, less 3.33 and 12 of 31 days of 10: given back.
    const books = await readBooks(press.db.database, org);
    expect(books['customer_credit USD']).toBe('1.70');
  });

  it('waits while a change waits for its money, and while its last invoice is to be collected', async () => {
    const { id, org } = await customer('press', '3');
    await use(org, '200', '2026-03-05T00:00:00.000Z');
    await setRenewalProvider(context, { id, organizationId: org, provider: null });
    at.clocks.set('2026-03-06T00:00:00.000Z');
    const change = { action: 'change', cycle: 'year', when: 'now' } as const;
    const { invoice } = await changeSubscription(context, { ...change, id, organizationId: org });
    expect(invoice?.status).toBe('open');
    expect(await lookAt(org, '2026-03-07T00:00:00.000Z')).toBe(0);
  });

  it('invoices nothing where no threshold is set', async () => {
    const { org } = await customer();
    await use(org, '5000', '2026-03-05T00:00:00.000Z');
    await changeSettings(context, { usage_invoice_thresholds: {} });
    expect(await lookAt(org, '2026-03-06T00:00:00.000Z')).toBe(0);
  });

  it('invoices once, whoever looks', async () => {
    const { org } = await customer();
    await use(org, '500', '2026-03-05T00:00:00.000Z');
    at.clocks.set('2026-03-06T00:00:00.000Z');
    await Promise.all([1, 2, 3].map(() => invoiceUsage(context)));
    expect(await invoices(org)).toHaveLength(2);
  });
});

const seed = 20_261_122;

describe('progressive invoices', () => {
  it('come to the cent to what one invoice would have, whenever they are made', async () => {
    const reports = fc.array(
      fc.record({
        day: fc.integer({ min: 1, max: 30 }),
        meter: fc.constantFrom('sheets', 'scans'),
        quantity: fc.integer({ min: 1, max: 400 }),
        isLookedAt: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    );
    const thresholds = fc.constantFrom('0.01', '1', '4');
    let most = 0;
    const periods = fc.asyncProperty(reports, thresholds, async (reported, threshold) => {
      const inOrder = [...reported].sort((a, b) => a.day - b.day);
      const split = await billed(inOrder, threshold);
      expect(split.total).toBe((await billed(inOrder, undefined)).total);
      most = Math.max(most, split.invoices);
    });
    await fc.assert(periods, { numRuns: 20, seed });
    // A period was split into several at least once: else this would show nothing.
    expect(most).toBeGreaterThan(3);
  }, 120_000);
});

interface Report {
  day: number;
  meter: string;
  quantity: number;
  isLookedAt: boolean;
}

/** What a customer is invoiced for a month in all, in cents. */
async function billed(
  reports: readonly Report[],
  threshold: string | undefined,
): Promise<{ total: number; invoices: number }> {
  const { org } = await customer('press', threshold ?? '1');
  if (threshold === undefined) await changeSettings(context, { usage_invoice_thresholds: {} });
  for (const { day, meter, quantity, isLookedAt } of reports) {
    const date = `2026-03-${String(day).padStart(2, '0')}`;
    at.clocks.set(`${date}T07:00:00.000Z`);
    await use(org, String(quantity), `${date}T06:00:00.000Z`, meter);
    if (isLookedAt) await lookAt(org, `${date}T08:00:00.000Z`);
  }
  await passTo('2026-04-01T00:00:00.000Z');
  const all = await invoices(org);
  const cents = all.map(({ total }) => Number(total.replace('.', '')));
  return { total: cents.reduce((sum, each) => sum + each, 0), invoices: all.length };
}
