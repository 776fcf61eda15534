import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../../platform/context.ts';
import type { TestPlatform } from '../../../platform/testkit/platform.ts';
import { recordManualPayment } from '../../invoicing/index.ts';
import { openPress, type Press, type SubscriptionInvoice } from '../testing/press.ts';
import { changeSubscription } from './change-subscription.ts';
import { runBilling } from './run-billing.ts';
import { setRenewalProvider } from './set-renewal-provider.ts';
import { subscribe } from './subscribe.ts';

const template = `
application: { slug: press, name: Press }
meters: [{ key: sheets, name: Sheets, aggregation: sum }]
plans:
  - slug: press
    name: Press
    prices:
      - { currency: USD, interval: month, amount: 10, minimum_commitment: 14 }
      - { currency: USD, interval: year, amount: 100 }
    charges:
      - meter: sheets
        model: volume
        tiers: [{ up_to: 100, unit_amount: 0.10 }, { up_to: null, unit_amount: 0.05 }]
  - slug: included
    name: Included
    overage: invoice
    prices: [{ currency: USD, interval: month, amount: 10 }]
    quotas: [{ meter: sheets, window: month, anchor: subscription, limit: 100, overage_price: 0.05 }]
`;

let press: Press;
let at: TestPlatform;
let context: Context;

beforeAll(async () => {
  press = await openPress(template);
  at = press.platform;
  context = press.context;
});
afterAll(() => press.close());

const customer = () => press.newCustomer('500');
const use: Press['use'] = (...reported) => press.use(...reported);
const newest = async (organizationId: string) => (await press.invoices(organizationId))[0];
const shown = (invoice: SubscriptionInvoice | undefined) =>
  invoice?.lines.map(({ text, amount }) => `${text.code} ${amount}`);
/** With the hour that a period waits for late usage. */
const renewAt = async (instant: string) => {
  at.clocks.set(instant);
  at.clocks.advance('PT1H');
  await runBilling(context);
};

it('bills what was used with the next period, and what was reported late as the difference', async () => {
  const organizationId = await customer();
  await subscribe(context, { organizationId, plan: 'press', cycle: 'month', provider: 'wallet' });
  at.clocks.set('2026-03-20T00:00:00.000Z');
  await use(organizationId, '90', '2026-03-10T00:00:00.000Z');
  await renewAt('2026-04-01T00:00:00.000Z');
  expect(shown(await newest(organizationId))).toEqual(['usage 9.00', 'plan 10.00']);

  // Twenty more make the volume's price fall for all of them: 110 at 0.05 is less than 90 at 0.10.
  await use(organizationId, '20', '2026-03-31T23:59:59.000Z');
  await use(organizationId, '100', '2026-04-01T00:00:00.000Z');
  await renewAt('2026-05-01T00:00:00.000Z');
  expect(shown(await newest(organizationId))).toEqual([
    'late_usage -3.50',
    'usage 10.00',
    'plan 10.00',
  ]);
  await renewAt('2026-06-01T00:00:00.000Z');
  expect(shown(await newest(organizationId))).toEqual(['minimum_spend 4.00', 'plan 10.00']);
});

it('bills what is used past a quota at its overage price', async () => {
  const organizationId = await customer();
  const plan = { plan: 'included', cycle: 'month', provider: 'wallet' };
  await subscribe(context, { organizationId, ...plan });
  at.clocks.set('2026-03-20T00:00:00.000Z');
  await use(organizationId, '130', '2026-03-10T00:00:00.000Z');
  await renewAt('2026-04-01T00:00:00.000Z');
  expect(shown(await newest(organizationId))).toEqual(['usage 1.50', 'plan 10.00']);
  await use(organizationId, '100', '2026-04-01T00:00:00.000Z');
  await renewAt('2026-05-01T00:00:00.000Z');
  expect(shown(await newest(organizationId))).toEqual(['plan 10.00']);
});

it('bills a last period when it is over, and one that is cut short', async () => {
  const organizationId = await customer();
  const { subscription } = await subscribe(context, {
    ...{ organizationId, plan: 'press', cycle: 'month', provider: 'wallet' },
  });
  const { id } = subscription;
  at.clocks.set('2026-03-20T00:00:00.000Z');
  await use(organizationId, '90', '2026-03-10T00:00:00.000Z');
  await changeSubscription(context, { id, organizationId, action: 'cancel' });
  await renewAt('2026-04-01T00:00:00.000Z');
  expect(await newest(organizationId)).toMatchObject({ status: 'paid', total: '9.00' });
  await renewAt('2026-05-01T00:00:00.000Z');
  expect(await newest(organizationId)).toMatchObject({ total: '9.00' });

  const other = await customer();
  const begun = await subscribe(context, {
    ...{ organizationId: other, plan: 'press', cycle: 'month', provider: 'wallet' },
  });
  at.clocks.set('2026-03-20T00:00:00.000Z');
  await use(other, '100', '2026-03-10T00:00:00.000Z');
  await changeSubscription(context, {
    ...{ id: begun.subscription.id, organizationId: other, action: 'cancel', when: 'now' },
  });
  // Ten for the use, less twelve of thirty-one days of ten.
  expect(await newest(other)).toMatchObject({ total: '6.13' });
});

it('bills what was used before a pause when it is over, in whatever way', async () => {
  const pausing = async () => {
    const organizationId = await customer();
    const { subscription } = await subscribe(context, {
      ...{ organizationId, plan: 'press', cycle: 'month', provider: 'wallet' },
    });
    at.clocks.set('2026-03-20T00:00:00.000Z');
    await use(organizationId, '90', '2026-03-10T00:00:00.000Z');
    const { id } = subscription;
    await changeSubscription(context, { id, organizationId, action: 'pause' });
    at.clocks.set('2026-04-15T00:00:00.000Z');
    await runBilling(context);
    return { id, organizationId };
  };
  const resumed = await pausing();
  await changeSubscription(context, { ...resumed, action: 'resume' });
  expect(shown(await newest(resumed.organizationId))).toEqual(['plan 10.00', 'usage 9.00']);
  await renewAt('2026-05-15T00:00:00.000Z');
  expect(shown(await newest(resumed.organizationId))).toEqual(['minimum_spend 4.00', 'plan 10.00']);

  const ended = await pausing();
  await changeSubscription(context, { ...ended, action: 'cancel', when: 'now' });
  expect(shown(await newest(ended.organizationId))).toEqual(['usage 9.00']);
});

it('keeps what a period was billed at where the change that ends it waits for its money', async () => {
  const organizationId = await customer();
  const { subscription } = await subscribe(context, {
    ...{ organizationId, plan: 'press', cycle: 'month', provider: 'wallet' },
  });
  const { id } = subscription;
  at.clocks.set('2026-03-20T00:00:00.000Z');
  await use(organizationId, '90', '2026-03-10T00:00:00.000Z');
  await setRenewalProvider(context, { id, organizationId, provider: null });
  const change = { action: 'change', cycle: 'year', when: 'now' } as const;
  const { invoice } = await changeSubscription(context, { ...change, id, organizationId });
  expect(shown(await newest(organizationId))).toEqual([
    'unused -3.87',
    'plan 100.00',
    'usage 9.00',
  ]);
  await use(organizationId, '20', '2026-03-19T00:00:00.000Z');
  await recordManualPayment(context, {
    ...{ organizationId, amount: invoice?.due ?? '', currency: 'USD', invoiceId: invoice?.id },
    note: 'Bank',
  });
  await renewAt('2027-03-21T00:00:00.000Z');
  expect(shown(await newest(organizationId))).toEqual(['late_usage -3.50', 'plan 100.00']);
});

it('waits an hour for late usage before it bills a period, unless somebody changes something', async () => {
  const begin = async () => {
    const organizationId = await customer();
    const { subscription } = await subscribe(context, {
      ...{ organizationId, plan: 'press', cycle: 'month', provider: 'wallet' },
    });
    at.clocks.set('2026-03-20T00:00:00.000Z');
    await use(organizationId, '90', '2026-03-10T00:00:00.000Z');
    at.clocks.set('2026-04-01T00:30:00.000Z');
    await runBilling(context);
    expect(shown(await newest(organizationId))).toEqual(['plan 10.00']);
    await use(organizationId, '5', '2026-03-31T23:59:59.000Z');
    await use(organizationId, '100', '2026-04-01T00:10:00.000Z');
    return { organizationId, id: subscription.id };
  };
  const billed = {
    period: { from: '2026-04-01T00:00:00.000Z', to: '2026-05-01T00:00:00.000Z' },
    status: 'paid',
  };
  const { organizationId } = await begin();
  await renewAt('2026-04-01T00:00:00.000Z');
  expect(shown(await newest(organizationId))).toEqual(['usage 9.50', 'plan 10.00']);
  expect(await newest(organizationId)).toMatchObject(billed);

  const changed = await begin();
  await changeSubscription(context, { ...changed, action: 'cancel' });
  expect(shown(await newest(changed.organizationId))).toEqual(['usage 9.50', 'plan 10.00']);
  expect(await newest(changed.organizationId)).toMatchObject(billed);
});
