import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../access/index.ts';
import { currentPlanVersion } from '../../catalog/index.ts';
import {
  type Customer,
  openSubscribers,
  requests,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { acceptQuote } from './accept-quote.ts';
import { declineQuote, withdrawQuote } from './close-quote.ts';
import { expireQuotes } from './expire-quotes.ts';
import { listQuotes, previewQuote, requireQuote } from './read-quotes.ts';
import { sendQuote } from './send-quote.ts';
import { createQuote, updateQuote } from './write-quote.ts';

let at: Subscribers;
beforeAll(async () => {
  at = await openSubscribers([
    { slug: 'starter', name: 'Starter', prices: [usd('month', '30')], quotas: [requests(100)] },
    { slug: 'yearly', name: 'Yearly', prices: [usd('year', '360')] },
    { slug: 'tried', name: 'Tried', prices: [usd('month', '10')], trial_days: 7 },
  ]);
});
afterAll(() => at.close());

type Terms = Omit<Parameters<typeof createQuote>[1], 'organization'>;
const terms = {
  name: 'Acme enterprise',
  message: 'As agreed on the phone.',
  price: { ...usd('month', '2500'), setup_fee: '100' },
  quotas: [requests(50_000)],
  valid_until: '2026-03-01T00:00:00Z',
};
const draft = ({ organizationId }: Customer, changes: Partial<Terms> = {}) =>
  createQuote(at.context, { organization: organizationId, ...terms, ...changes });
async function sent(customer: Customer, changes: Partial<Terms> = {}) {
  return sendQuote(at.context, (await draft(customer, changes)).id);
}
const accept = ({ organizationId }: Customer, id: string, context = at.context) =>
  acceptQuote(context, { id, organizationId, provider: 'wallet' });
async function richCustomer() {
  const customer = await at.newCustomer();
  await customer.topUp('10000');
  return customer;
}
const idOf = (reads: { id: string }) => reads.id;

describe('createQuote', () => {
  test('keeps a draft from its customer until it is sent, and mails those who pay then', async () => {
    const customer = await at.newCustomer();
    const { organizationId } = customer;
    const { id } = await draft(customer);
    const own = () => listQuotes(at.context, { organizationId, isSent: true, limit: 10 });
    expect((await own()).data).toEqual([]);
    await expect(requireQuote(at.context, { id, organizationId })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(accept(customer, id)).rejects.toMatchObject({ code: 'not_found' });
    await sendQuote(at.context, id);
    expect((await own()).data).toMatchObject([
      { id, status: 'sent', actions: ['accept', 'decline', 'withdraw'] },
    ]);
    await expect(sendQuote(at.context, id)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('shows the price and the plan as the catalog shows plans', async () => {
    const quote = await draft(await at.newCustomer(), {
      charges: [{ meter: 'requests', model: 'per_unit', unit_amount: '0.002' }],
    });
    expect(quote.shown).toMatchObject({
      price: { amount: '2500.00', billing_cycle: 'month', setup_fee: '100.00' },
      plan: {
        charges: [{ meter: 'requests', name: 'Requests', unit_amount: '0.002' }],
        quotas: [{ meter: 'requests', unit: 'count', limit: '50000' }],
      },
    });
    const { rows } = await sql<{ count: bigint }>`
      select count(*) from catalog_plans where slug like 'quote-%'
    `.execute(at.context.database);
    expect(rows[0]?.count).toBe(0n);
  });

  test.each([
    [{ price: usd('month', '1.234') }, 'amount_out_of_range', 'price.amount'],
    [{ quotas: [{ ...requests(1), meter: 'nothing' }] }, 'meter_unknown', 'quotas.0.meter'],
    [{ valid_until: '2026-01-01T00:00:00Z' }, 'rule_violated', 'valid_until'],
    [
      { price: { currency: 'USD', interval: 'once', amount: '5' }, term_cycles: 2 },
      'rule_violated',
      'term_cycles',
    ],
  ] as const)('refuses %j', async (changes, code, param) => {
    const customer = await at.newCustomer();
    await expect(draft(customer, changes as Partial<Terms>)).rejects.toMatchObject({ code, param });
  });

  test('refuses an organization that there is not', async () => {
    const nobody = { organizationId: 'org_nobody' } as Customer;
    await expect(draft(nobody)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('updateQuote', () => {
  test('changes a draft, and nothing that was sent', async () => {
    const { id } = await draft(await at.newCustomer(), { term_cycles: 6 });
    const changed = await updateQuote(at.context, id, { price: usd('year', '24000') });
    expect(changed).toMatchObject({
      termCycles: 6,
      terms: { name: 'Acme enterprise', quotas: [{ meter: 'requests' }] },
      shown: { price: { amount: '24000.00', billing_cycle: 'year' } },
    });
    await sendQuote(at.context, id);
    await expect(updateQuote(at.context, id, { name: 'More' })).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });
});

describe('acceptQuote', () => {
  test('invoices exactly what the preview showed, gives the plan, and begins the term', async () => {
    const customer = await richCustomer();
    const quote = await sent(customer, { term_cycles: 3, quantity: 2 });
    const preview = await previewQuote(at.context, quote);
    expect(preview).toMatchObject({ total: '5100.00', due: '5100.00', replaces: null });
    const { subscription, invoice } = await accept(customer, quote.id);
    expect(invoice).toMatchObject({ total: preview.total, status: 'paid' });
    expect(subscription).toMatchObject({ status: 'active', quantity: 2, amount: '2500.00' });
    expect(await customer.limit()).toBe(50_000n);
    expect(await requireQuote(at.context, quote)).toMatchObject({
      status: 'accepted',
      subscriptionId: subscription.id,
      // Three months from 31 January.
      committedUntil: new Date('2026-04-30T08:00:00.000Z'),
    });
    const plan = await currentPlanVersion(at.context.database, subscription.plan.id);
    expect(plan).toMatchObject({
      status: 'archived',
      offer: { visibleTo: [customer.organizationId] },
    });
  });

  test('goes on at each period’s end, on what was agreed', async () => {
    const customer = await richCustomer();
    const quote = await sent(customer, { price: usd('month', '250') });
    const { subscription } = await accept(customer, quote.id);
    await at.pass('P1M');
    expect((await customer.invoices()).map(({ total }) => total)).toEqual(['250.00', '250.00']);
    expect((await subscriptionOf(at.context, subscription.id)).state.status).toBe('active');
  });

  test('makes one subscription of two acceptances at once, in two processes', async () => {
    const customer = await richCustomer();
    const { id } = await sent(customer);
    const other = at.otherProcess();
    const outcomes = await Promise.allSettled([
      accept(customer, id),
      accept(customer, id, other.context),
      accept(customer, id),
      accept(customer, id, other.context),
    ]);
    await other.close();
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ code: 'invalid_state' });
      }
    }
    expect(await customer.invoices()).toHaveLength(1);
  });

  test('is not disturbed by who looks meanwhile', async () => {
    const customer = await richCustomer();
    const quote = await sent(customer);
    const looks = () => Array.from({ length: 4 }, () => previewQuote(at.context, quote));
    const [accepted, ...looked] = await Promise.allSettled([
      accept(customer, quote.id),
      ...looks(),
    ]);
    expect(accepted.status).toBe('fulfilled');
    for (const look of looked) {
      // Who comes too late is told that it is accepted.
      if (look.status === 'rejected') expect(look.reason).toMatchObject({ code: 'invalid_state' });
    }
    expect(await customer.invoices()).toHaveLength(1);
  });

  test('either accepts or withdraws, where both are asked for at once', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const customer = await richCustomer();
      const { id } = await sent(customer);
      const [accepted, withdrawn] = await Promise.allSettled([
        accept(customer, id),
        withdrawQuote(at.context, id),
      ]);
      const isAccepted = accepted.status === 'fulfilled';
      expect(withdrawn.status).toBe(isAccepted ? 'rejected' : 'fulfilled');
      expect(await customer.invoices()).toHaveLength(isAccepted ? 1 : 0);
    }
  });

  test('refuses what has expired, before and after that was written down', async () => {
    const customer = await richCustomer();
    const quote = await sent(customer, { valid_until: '2026-02-02T00:00:00Z' });
    at.platform.clocks.set('2026-02-02T00:00:00Z');
    const refusal = {
      code: 'invalid_state',
      message: 'The quote expired on 2026-02-02: ask for another one.',
    };
    await expect(accept(customer, quote.id)).rejects.toMatchObject(refusal);
    await expect(previewQuote(at.context, quote)).rejects.toMatchObject(refusal);
    expect(await expireQuotes(at.context)).toBeGreaterThan(0);
    expect(await expireQuotes(at.context)).toBe(0);
    expect(await requireQuote(at.context, quote)).toMatchObject({ status: 'expired' });
    await expect(accept(customer, quote.id)).rejects.toMatchObject(refusal);
    await expect(withdrawQuote(at.context, quote.id)).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });

  test('refuses what was declined or withdrawn, and another organization', async () => {
    const customer = await richCustomer();
    const { organizationId } = customer;
    const [declined, withdrawn, another] = [
      await sent(customer),
      await sent(customer),
      await sent(await richCustomer()),
    ];
    const closed = await declineQuote(at.context, {
      ...{ id: declined.id, organizationId, reason: 'Too dear.' },
    });
    expect(closed).toMatchObject({ status: 'declined', declineReason: 'Too dear.' });
    await withdrawQuote(at.context, withdrawn.id);
    for (const [{ id }, code] of [
      [declined, 'invalid_state'],
      [withdrawn, 'invalid_state'],
      [another, 'not_found'],
    ] as const) {
      await expect(accept(customer, id)).rejects.toMatchObject({ code });
      await expect(declineQuote(at.context, { id, organizationId })).rejects.toMatchObject({
        code,
      });
    }
  });

  test('leaves everything as it was where it cannot be paid', async () => {
    const customer = await at.newCustomer();
    const quote = await sent(customer);
    await expect(accept(customer, quote.id)).rejects.toMatchObject({ code: 'insufficient_funds' });
    expect(await requireQuote(at.context, quote)).toMatchObject({ status: 'sent' });
    expect(await customer.invoices()).toEqual([]);
  });

  test('waits for a payment by mail as any subscription does', async () => {
    const customer = await at.newCustomer();
    const quote = await sent(customer, { price: usd('month', '250') });
    const { organizationId } = customer;
    const command = { id: quote.id, organizationId, provider: null };
    const { subscription, invoice } = await acceptQuote(at.context, command);
    expect(subscription.status).toBe('incomplete');
    await customer.pay({ id: idOf(invoice ?? { id: '' }), due: '250' });
    expect((await subscriptionOf(at.context, subscription.id)).state.status).toBe('active');
  });

  test('replaces a subscription, crediting what is unused of it as the preview says', async () => {
    const customer = await richCustomer();
    const before = await customer.subscribe('yearly', { cycle: 'year' });
    at.platform.clocks.set('2026-08-01T20:00:00.000Z');
    const valid_until = '2026-09-01T00:00:00Z';
    const quote = await sent(customer, { price: usd('month', '2500'), valid_until });
    const preview = await previewQuote(at.context, quote);
    expect(preview).toMatchObject({
      total: '2500.00',
      replaces: { subscription: before.subscription.id, plan: 'Yearly' },
    });
    expect(Number(preview.credit_applied)).toBeGreaterThan(175);
    const { invoice } = await accept(customer, quote.id);
    expect(invoice).toMatchObject({ credit_applied: preview.credit_applied, status: 'paid' });
    const { state } = await subscriptionOf(at.context, before.subscription.id);
    expect(state.status).toBe('expired');
  });

  test('begins the trial that was promised, whatever was tried before; the term comes after it', async () => {
    const customer = await richCustomer();
    const tried = await customer.subscribe('tried');
    await customer.change(tried.subscription.id, { action: 'cancel', when: 'now' });
    const quote = await sent(customer, {
      ...{ price: usd('month', '250'), trial_days: 10, term_cycles: 1 },
    });
    expect((await previewQuote(at.context, quote)).due).toBe('0.00');
    const { subscription } = await accept(customer, quote.id);
    expect(subscription.status).toBe('trialing');
    expect((await requireQuote(at.context, quote)).committedUntil).toEqual(
      new Date('2026-03-10T08:00:00.000Z'),
    );
  });

  test('interrupts nothing: who has a subscription pays from the wallet', async () => {
    const customer = await richCustomer();
    const { subscription } = await customer.subscribe('starter');
    const quote = await sent(customer);
    const { organizationId } = customer;
    const command = { id: quote.id, organizationId, provider: null };
    await expect(acceptQuote(at.context, command)).rejects.toMatchObject({
      ...{ code: 'rule_violated', param: 'provider' },
    });
    const { state } = await subscriptionOf(at.context, subscription.id);
    expect(state.status).toBe('active');
    expect(await customer.limit()).toBe(100n);
  });
});

describe('a term', () => {
  const message =
    'You have agreed to a term: this subscription cannot end before 2026-03-31. Ask us to change what was agreed.';
  const agreed = async () => {
    const customer = await richCustomer();
    const quote = await sent(customer, { price: usd('month', '250'), term_cycles: 2 });
    const { subscription } = await accept(customer, quote.id);
    return { customer, id: subscription.id };
  };

  test('keeps the customer from ending, pausing or changing it, saying until when', async () => {
    const { customer, id } = await agreed();
    const end = () => customer.change(id, { action: 'cancel' });
    await expect(end()).rejects.toMatchObject({ code: 'term_not_over', message });
    await expect(customer.change(id, { action: 'cancel', when: 'now' })).rejects.toMatchObject({
      message,
    });
    for (const change of [
      { action: 'pause' },
      { action: 'change', plan: 'starter' },
      { action: 'change', plan: 'starter', only: 'down' },
    ] as const) {
      await expect(customer.change(id, change)).rejects.toMatchObject({ code: 'term_not_over' });
    }
  });

  test('lets it end with the term, not before', async () => {
    const { customer, id } = await agreed();
    await at.pass('P1M1D');
    await expect(customer.change(id, { action: 'cancel', when: 'now' })).rejects.toMatchObject({
      message,
    });
    const { subscription } = await customer.change(id, { action: 'cancel' });
    expect(subscription).toMatchObject({
      status: 'canceled',
      cancel_at: '2026-03-31T08:00:00.000Z',
    });
  });

  test('does not bind to what was never paid for', async () => {
    const customer = await at.newCustomer();
    const { organizationId } = customer;
    const quote = await sent(customer, { price: usd('month', '250'), term_cycles: 2 });
    const command = { id: quote.id, organizationId, provider: null };
    const { subscription } = await acceptQuote(at.context, command);
    const ended = await customer.change(subscription.id, { action: 'cancel' });
    expect(ended.subscription.status).toBe('expired');
    expect((await customer.invoices()).map(({ status }) => status)).toEqual(['void']);
  });

  test('does not bind operators', async () => {
    const { customer, id } = await agreed();
    const ended = await customer.change(id, {
      ...{ action: 'cancel', when: 'now', organizationId: undefined },
    });
    expect(ended.subscription.status).toBe('expired');
  });
});

describe('the books', () => {
  test('balance after all of this', async () => {
    const { problems } = await verifyLedger(at.context);
    expect(problems).toEqual([]);
  });
});
