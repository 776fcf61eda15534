import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { createPlan } from '../../catalog/index.ts';
import { createFeature } from '../../catalog/operations/create-feature.ts';
import { updatePlan } from '../../catalog/operations/create-plan.ts';
import { entitlementsListeners, listQuotas } from '../../entitlements/index.ts';
import { readPlan } from '../../entitlements/operations/read-plan.ts';
import {
  findInvoice,
  getInvoice,
  invoicingListeners,
  judgeOverdueInvoices,
  recordManualPayment,
} from '../../invoicing/index.ts';
import { payInvoice } from '../../invoicing/operations/pay-invoice.ts';
import { listInvoices } from '../../invoicing/operations/read-invoices.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openOrganization } from '../../invoicing/testing/shop.ts';
import { ensureUsagePartitions } from '../../metering/index.ts';
import { subscriptionsListeners } from '../listeners.ts';
import { findSubscription } from '../subscriptions-store.ts';
import { changeSubscription } from './change-subscription.ts';
import { movePlan } from './move-plan.ts';
import { previewNextInvoice } from './preview-next-invoice.ts';
import { previewNewSubscription, previewSubscription } from './preview-subscription.ts';
import { recognizeSubscriptions } from './recognize-subscriptions.ts';
import { runBilling } from './run-billing.ts';
import { type SubscribeCommand, subscribe } from './subscribe.ts';

const start = '2026-01-31T08:00:00.000Z';
const requests = (limit: number) => ({
  meter: 'requests',
  window: 'month' as const,
  anchor: 'subscription' as const,
  limit: String(limit),
});
const usd = (interval: 'month' | 'year', amount: string) => ({ currency: 'USD', interval, amount });

let db: TestDatabase;
let at: TestPlatform;
let context: ReturnType<typeof testContext>;
let organizationId: string;
let customers = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db, {
    listeners: [...entitlementsListeners, ...invoicingListeners, ...subscriptionsListeners],
  });
  context = testContext(at);
  await ensureUsagePartitions(db.database, new Date('2025-12-01'), new Date('2027-06-01'));
  const plans = [
    { slug: 'small', name: 'Small', prices: [usd('month', '10'), usd('year', '100')], limit: 100 },
    { slug: 'large', name: 'Large', prices: [usd('month', '40')], limit: 1_000 },
    { slug: 'tried', name: 'Tried', prices: [usd('month', '30')], trial_days: 14, limit: 50 },
    { slug: 'free', name: 'Free', prices: [usd('month', '0')], limit: 5 },
  ];
  for (const { limit, ...plan } of plans) {
    await createPlan(context, { ...plan, quotas: [requests(limit)] });
  }
});
beforeEach(async () => {
  customers += 1;
  organizationId = `org_${customers}`;
  at.clocks.set(start);
  await openOrganization(context, organizationId);
});
afterAll(() => db.close());

const topUp = (amount: string) =>
  recordManualPayment(context, {
    ...{ organizationId, amount, currency: 'USD', invoiceId: undefined, note: 'Bank transfer' },
  });
const begin = (plan: string, changes: Partial<SubscribeCommand> = {}) =>
  subscribe(context, { organizationId, plan, cycle: 'month', provider: 'wallet', ...changes });
const change = (id: string, changes: Partial<Parameters<typeof changeSubscription>[1]>) =>
  changeSubscription(context, { id, organizationId, action: 'change', ...changes });
const stateOf = async (id: string) => {
  const found = await findSubscription(db.database, id);
  if (!found) throw new Error('it was stored');
  return found;
};
const limit = async () => {
  const quotas = await listQuotas(db.database, {
    ...{ organizationId, after: undefined, limit: 10, at: at.clocks.business() },
  });
  return quotas.find(({ inForce }) => inForce)?.limit;
};
const invoices = async () =>
  (await listInvoices(context, { organizationId, limit: 100 })).data.filter(
    ({ kind }) => kind === 'subscription',
  );
/** Time passes by the hour, as jobs find it. */
const pass = async (duration: string) => {
  const before = at.clocks.business().getTime();
  at.clocks.advance(duration);
  const after = at.clocks.business();
  at.clocks.set(new Date(before));
  while (at.clocks.business() < after) {
    at.clocks.set(new Date(Math.min(at.clocks.business().getTime() + 6 * 3_600_000, +after)));
    await judgeOverdueInvoices(context);
    await runBilling(context);
  }
};

describe('subscribing', () => {
  it('is paid from the wallet, with its plan, in one transaction', async () => {
    await topUp('50');
    const preview = await previewNewSubscription(context, {
      ...{ organizationId, plan: 'small', cycle: 'month' },
    });
    const { subscription, invoice, payment } = await begin('small');
    expect(subscription).toMatchObject({
      status: 'active',
      provider: 'wallet',
      actions: ['change', 'cancel', 'pause'],
    });
    expect(payment).toMatchObject({ status: 'succeeded' });
    expect(invoice).toMatchObject({ status: 'paid', total: '10.00' });
    expect(preview).toMatchObject({
      total: '10.00',
      due: '10.00',
      lines: [{ text: invoice?.lines[0]?.text }],
    });
    expect(await limit()).toBe(100n);
    await expect(begin('large')).rejects.toMatchObject({ code: 'already_subscribed' });
  });

  it('stores nothing where the wallet is short', async () => {
    await expect(begin('small')).rejects.toMatchObject({ code: 'insufficient_funds' });
    await topUp('10');
    expect((await begin('small')).subscription.status).toBe('active');
    expect(await invoices()).toHaveLength(1);
  });

  it('waits for its payment; late by three days it is off', async () => {
    const { subscription, invoice } = await begin('small', { provider: null });
    expect(subscription.status).toBe('incomplete');
    expect(await limit()).toBeUndefined();
    await pass('P2D');
    await recordManualPayment(context, {
      ...{ organizationId, amount: '10.00', currency: 'USD', invoiceId: invoice?.id, note: 'Bank' },
    });
    expect((await stateOf(subscription.id)).state.status).toBe('active');
    expect(await limit()).toBe(100n);

    customers += 1;
    organizationId = `org_${customers}`;
    await openOrganization(context, organizationId);
    const other = await begin('small', { provider: null });
    await pass('P4D');
    expect((await stateOf(other.subscription.id)).state.status).toBe('expired');
    expect((await invoices())[0]).toMatchObject({ status: 'void' });
  });

  it('costs nothing on a free plan, and one trial is all there is', async () => {
    const free = await begin('free');
    expect(free).toMatchObject({ invoice: null, subscription: { status: 'active' } });
    await change(free.subscription.id, { action: 'cancel', when: 'now' });
    const first = await begin('tried');
    expect(first.subscription).toMatchObject({ status: 'trialing' });
    await change(first.subscription.id, { action: 'cancel', when: 'now' });
    await topUp('30');
    const second = await begin('tried');
    expect(second).toMatchObject({
      subscription: { status: 'active' },
      invoice: { total: '30.00' },
    });
  });

  it.each([
    [{ plan: 'nothing' }, 'plan_unavailable'],
    [{ plan: 'large', cycle: 'year' }, 'rule_violated'],
    [{ plan: 'small', currency: 'EUR' }, 'rule_violated'],
    [{ plan: 'small', coupon: 'NOTHING' }, 'coupon_invalid'],
  ])('refuses %o', async (wanted, code) => {
    await topUp('50');
    await expect(begin('small', wanted)).rejects.toMatchObject({ code });
    expect(await invoices()).toEqual([]);
  });
});

describe('renewing', () => {
  it('keeps the 31st, bills each period once whoever runs, and keeps the books', async () => {
    await topUp('500');
    const { subscription } = await begin('small');
    at.clocks.set('2026-07-31T09:00:00.000Z');
    await Promise.all([runBilling(context), runBilling(context), runBilling(context)]);
    const billed = await invoices();
    expect(billed.map(({ period }) => period?.from).sort()).toEqual([
      '2026-01-31T08:00:00.000Z',
      '2026-02-28T08:00:00.000Z',
      '2026-03-31T08:00:00.000Z',
      '2026-04-30T08:00:00.000Z',
      '2026-05-31T08:00:00.000Z',
      '2026-06-30T08:00:00.000Z',
      '2026-07-31T08:00:00.000Z',
    ]);
    expect(billed.every(({ status }) => status === 'paid')).toBe(true);
    expect((await stateOf(subscription.id)).state.status).toBe('active');
    await recognizeSubscriptions(context);
    expect(await readBooks(db.database, organizationId)).toEqual({
      'clearing:manual USD': '-500.00',
      'deferred USD': '10.00',
      'revenue USD': '60.00',
      'wallet USD': '430.00',
    });
  });

  it('ends a trial with its first paid period', async () => {
    await topUp('100');
    const { subscription } = await begin('tried');
    await pass('P15D');
    expect((await stateOf(subscription.id)).state).toMatchObject({
      status: 'active',
      period: { from: new Date('2026-02-14T08:00:00.000Z') },
    });
    expect((await invoices()).map(({ total }) => total)).toEqual(['30.00']);
  });
});

describe('changing', () => {
  it('up is made and paid now, exactly as previewed; down comes with the next period', async () => {
    await topUp('500');
    const { id } = (await begin('small')).subscription;
    await pass('P14D');
    const command = { id, organizationId, action: 'change' as const, plan: 'large' };
    const preview = await previewSubscription(context, command);
    const { invoice, subscription } = await change(id, { plan: 'large', only: 'up' });
    const { lines, total, tax, due, currency, subtotal } = preview;
    expect(invoice).toMatchObject({ lines, total, tax, currency, subtotal, status: 'paid' });
    expect([total, due]).toEqual(['15.00', '15.00']);
    expect(subscription).toMatchObject({ plan: { slug: 'large' }, status: 'active' });
    // Half of what the larger plan has more, for half of its time.
    expect(await limit()).toBe(550n);

    const down = await change(id, { plan: 'small', only: 'down' });
    expect(down).toMatchObject({
      invoice: null,
      subscription: { pending: { plan: { slug: 'small' } } },
    });
    await pass('P15D');
    expect((await stateOf(id)).state).toMatchObject({
      pending: null,
      terms: { planSlug: 'small' },
    });
    expect(await limit()).toBe(100n);
  });

  it('down now gives back as credit what is unused, and the next invoice uses it', async () => {
    await topUp('500');
    const { id } = (await begin('large')).subscription;
    await pass('P14D');
    const preview = await previewSubscription(context, {
      ...{ id, organizationId, action: 'change', plan: 'small', when: 'now' },
    });
    expect(preview).toMatchObject({ total: '-15.00', due: '0.00' });
    await change(id, { plan: 'small', when: 'now' });
    expect(await readBooks(db.database, organizationId)).toMatchObject({
      'customer_credit USD': '15.00',
    });
    await pass('P15D');
    expect((await invoices())[0]).toMatchObject({
      total: '10.00',
      credit_applied: '10.00',
      status: 'paid',
    });
  });

  it('waits for a provider’s money; what is dropped by then becomes credit', async () => {
    await topUp('10');
    const { id } = (await begin('small')).subscription;
    await pass('P14D');
    const asked = await change(id, { plan: 'large', provider: undefined, when: 'now' }).catch(
      (error) => error,
    );
    expect(asked).toMatchObject({ code: 'insufficient_funds' });
    await setProviderNull(id);
    const { invoice, subscription } = await change(id, { plan: 'large' });
    expect(subscription.plan.slug).toBe('small');
    expect(invoice).toMatchObject({ status: 'open', total: '15.00' });
    await recordManualPayment(context, {
      ...{ organizationId, amount: '15.00', currency: 'USD', invoiceId: invoice?.id, note: 'Bank' },
    });
    expect((await stateOf(id)).state.terms.planSlug).toBe('large');
    expect(await limit()).toBe(550n);
  });

  const setProviderNull = async (id: string) => {
    const { setRenewalProvider } = await import('./set-renewal-provider.ts');
    await setRenewalProvider(context, { id, organizationId, provider: null });
  };

  it('cancels at the end or now, and can be taken back', async () => {
    await topUp('500');
    const { id } = (await begin('small')).subscription;
    await change(id, { action: 'cancel' });
    expect((await stateOf(id)).state.status).toBe('canceled');
    expect(await limit()).toBe(100n);
    await change(id, { action: 'resume' });
    expect((await stateOf(id)).state).toMatchObject({ status: 'active', cancelAt: null });
    await change(id, { action: 'cancel' });
    await pass('P29D');
    expect((await stateOf(id)).state.status).toBe('expired');
    expect(await limit()).toBeUndefined();
    expect(await invoices()).toHaveLength(1);
  });

  it('pauses without service, and resumes with a new period where the old one is over', async () => {
    await topUp('500');
    const { id } = (await begin('small')).subscription;
    await change(id, { action: 'pause' });
    expect(await limit()).toBeUndefined();
    await pass('P40D');
    expect(await invoices()).toHaveLength(1);
    const { invoice } = await change(id, { action: 'resume' });
    expect(invoice).toMatchObject({ total: '10.00', status: 'paid' });
    expect(await limit()).toBe(100n);
  });

  it('moves to a plan’s newer version with the next period, and says so first', async () => {
    const { id: planId } = await createPlan(context, {
      slug: 'moving',
      name: 'Moving',
      prices: [usd('month', '10')],
    });
    await topUp('500');
    const { id } = (await begin('moving')).subscription;
    await updatePlan(context, planId, { prices: [usd('month', '12')] });
    const command = { plan: 'moving', fromVersion: undefined, notBefore: undefined };
    const preview = await movePlan(context, { ...command, isPreview: true });
    expect(preview).toMatchObject({
      subscriptions: 1,
      effects: [{ subscription: id, before: '10.00', after: '12.00' }],
    });
    expect((await stateOf(id)).state.pending).toBeNull();
    await movePlan(context, { ...command, isPreview: false });
    await pass('P29D');
    expect((await stateOf(id)).state.terms.version).toBe(2);
    expect((await invoices())[0]).toMatchObject({ total: '12.00' });
    expect(await movePlan(context, { ...command, isPreview: false })).toMatchObject({
      subscriptions: 0,
    });
  });
});

describe('dunning', () => {
  const overdue = async () => {
    await topUp('10');
    const { id } = (await begin('small')).subscription;
    await pass('P28D');
    await pass('PT12H');
    return id;
  };

  it('reminds, suspends, ends; a late payment brings all back', async () => {
    const id = await overdue();
    expect((await stateOf(id)).state.status).toBe('past_due');
    await pass('P4D');
    expect(await stateOf(id)).toMatchObject({ dunningTaken: 2, isSuspended: false });
    expect(await limit()).toBe(100n);
    await expect(change(id, { plan: 'large' })).rejects.toMatchObject({ code: 'invalid_state' });
    await pass('P4D');
    expect(await stateOf(id)).toMatchObject({ dunningTaken: 3, isSuspended: true });
    expect(await limit()).toBeUndefined();
    await pass('P8D');
    expect(await stateOf(id)).toMatchObject({ dunningTaken: 4, state: { status: 'expired' } });

    const [owed] = await invoices();
    await topUp('10');
    await payInvoice(context, {
      organizationId,
      invoiceId: owed?.id ?? '',
      provider: 'wallet',
      returnUrl: undefined,
    });
    expect(await stateOf(id)).toMatchObject({
      ...{ dunningTaken: 0, isSuspended: false, overdueSince: null, endedAt: null },
      state: { status: 'active' },
    });
    expect(await limit()).toBe(100n);
  });

  it('stops where the invoice is void', async () => {
    const id = await overdue();
    const [owed] = await invoices();
    const { voidInvoice } = await import('../../invoicing/index.ts');
    await voidInvoice(context, { id: owed?.id ?? '', reason: 'Goodwill' });
    expect((await stateOf(id)).state.status).toBe('active');
  });
});

it('counts seats by what is bought: more now and prorated, fewer with the next period', async () => {
  await createFeature(context, { key: 'seats', name: 'Seats', kind: 'number' });
  const features = { seats: 1 };
  await createPlan(context, { slug: 'desk', name: 'Desk', prices: [usd('month', '10')], features });
  const seats = async () => (await readPlan(context, organizationId))?.features.seats;
  await topUp('500');
  const { id } = (await begin('desk', { quantity: 2 })).subscription;
  expect(await seats()).toBe(2);
  await pass('P14D');
  const more = await change(id, { quantity: 5 });
  expect(more.invoice).toMatchObject({ total: '15.00', status: 'paid' });
  expect(await seats()).toBe(5);
  const fewer = await change(id, { quantity: 3 });
  expect(fewer).toMatchObject({ invoice: null, subscription: { pending: { quantity: 3 } } });
  expect(await seats()).toBe(5);
  await pass('P15D');
  expect(await seats()).toBe(3);
  expect((await invoices())[0]).toMatchObject({ total: '30.00' });
});

it('shows no end of what is paid once, and gives back as its plan says', async () => {
  const once = (amount: string) => ({ currency: 'USD', interval: 'once' as const, amount });
  await createPlan(context, { slug: 'good', name: 'Good', prices: [once('90')] });
  await createPlan(context, { slug: 'better', name: 'Better', prices: [once('150')] });
  await topUp('500');
  const { subscription, invoice } = await begin('good', { cycle: 'once' });
  const { id } = subscription;
  const noPeriod = { period: null, text: { code: 'plan_once', params: { plan: 'Good' } } };
  expect(invoice).toMatchObject({ period: null, lines: [noPeriod] });
  expect(subscription).toMatchObject({ renews_at: null, period: { to: null } });
  const up = await change(id, { plan: 'better', cycle: 'once' });
  expect(up.invoice).toMatchObject({ total: '60.00', lines: [{ period: null }, { period: null }] });
  await expect(change(id, { action: 'cancel', when: 'period_end' })).rejects.toMatchObject({
    code: 'rule_violated',
  });
  const ended = await change(id, { action: 'cancel' });
  expect(ended.subscription).toMatchObject({ status: 'expired', period: { to: null } });
  await pass('P1D');
  at.clocks.advance('P1Y');
  await recognizeSubscriptions(context);
  expect(await readBooks(db.database, organizationId)).toMatchObject({ 'revenue USD': '150.00' });
});

it('says what the next invoice would be, with what was used by now', async () => {
  await createPlan(context, {
    ...{ slug: 'metered', name: 'Metered', prices: [usd('month', '10')] },
    charges: [{ meter: 'requests', model: 'flat', amount: '3' }],
  });
  await topUp('100');
  const { id } = (await begin('metered')).subscription;
  await pass('P10D');
  const expected = { total: '13.00', at: '2026-02-28T08:00:00.000Z' };
  const preview = await previewNextInvoice(context, await stateOf(id));
  expect(preview).toMatchObject(expected);
  await pass('P19D');
  const [renewed] = await invoices();
  expect(renewed).toMatchObject({
    total: '13.00',
    lines: preview?.lines.map(({ text: { code } }) => ({ text: { code } })),
  });
});

it('goes on wherever it was stopped: a renewal that is committed is collected by the next run', async () => {
  await topUp('100');
  const { id } = (await begin('small')).subscription;
  at.clocks.set('2026-02-28T09:00:00.000Z');
  const { renewHeld } = await import('./renew-subscription.ts');
  const { holdSubscription } = await import('./hold-subscription.ts');
  const renew = () =>
    inTransaction(context, async (transaction) => {
      await renewHeld(context, transaction, await holdSubscription(transaction, id));
    });
  await expect(
    inTransaction(context, async (transaction) => {
      await renewHeld(context, transaction, await holdSubscription(transaction, id));
      throw new Error('killed before the commit');
    }),
  ).rejects.toThrow('killed');
  expect(await invoices()).toHaveLength(1);
  await renew();
  const { collectingInvoiceId } = await stateOf(id);
  expect((await findInvoice(db.database, collectingInvoiceId ?? ''))?.status).toBe('open');
  await runBilling(context);
  expect(
    await getInvoice(context, { organizationId, id: collectingInvoiceId ?? '' }),
  ).toMatchObject({ status: 'paid' });
  expect(await stateOf(id)).toMatchObject({
    collectingInvoiceId: null,
    state: { status: 'active' },
  });
  expect(await invoices()).toHaveLength(2);
});
