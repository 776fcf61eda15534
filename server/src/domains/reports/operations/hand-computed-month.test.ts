/**
 * A month of eleven customers, computed by hand and compared to the cent: February 2026, in UTC and USD.
 *
 * Small costs 28.00 a month, large 84.00, the year of small 336.00. All periods that begin on 31 January end on
 * 28 February at 08:00: 28 days, so that a day of small earns 1.00 and a day of large 3.00. A day is earned when it is
 * over, so the days of 31 January to 27 February are earned from 1 to 28 February at 08:00.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { idAt } from '../../../platform/ids.ts';
import { createPayer, type Payer } from '../../access/testkit/payer.ts';
import { createPackage } from '../../catalog/index.ts';
import type { CreditNote } from '../../invoicing/core/credit-note.ts';
import { createCreditNote, writeOffInvoice } from '../../invoicing/index.ts';
import { createManualInvoice } from '../../invoicing/operations/manual-invoices.ts';
import { listCreditNotes } from '../../invoicing/operations/read-credit-notes.ts';
import { keepSums } from '../../ledger/index.ts';
import { keepMargins } from '../../metering/index.ts';
import { searchPayments } from '../../payments/operations/read-payments.ts';
import { searchRefunds } from '../../payments/operations/read-refunds.ts';
import { refundPayment } from '../../payments/operations/refund-payment.ts';
import { type CardTill, openCardTill } from '../../payments/testing/card-till.ts';
import { purchasePackage } from '../../subscriptions/index.ts';
import { recognizeRevenue } from '../../subscriptions/operations/recognize-revenue.ts';
import { recognizeSubscriptions } from '../../subscriptions/operations/recognize-subscriptions.ts';
import {
  type Customer,
  openSubscribers,
  type Subscribers,
  usd,
} from '../../subscriptions/testing/subscribers.ts';
import { readBadDebtReport } from './read-bad-debt-report.ts';
import { readChurnReport } from './read-churn-report.ts';
import { readMarginReport } from './read-margin-report.ts';
import { readMrrReport } from './read-mrr-report.ts';
import { readPaymentsReport } from './read-payments-report.ts';
import { readRevenueReport } from './read-revenue-report.ts';
import { readUsageReport } from './read-usage-report.ts';

let world: Subscribers;
let sandbox: Sandbox;
let payer: Payer;
let till: CardTill;
let today = 31;

const names = [
  'ada',
  'bob',
  'cid',
  'dan',
  'eve',
  'fay',
  'gus',
  'hal',
  'ivy',
  'jan',
  'kim',
] as const;
type Name = (typeof names)[number];
const customers = {} as Record<Name, Customer>;
const nanos = (cents: number) => BigInt(cents) * 10_000_000n;
const february = { from: '2026-02', to: '2026-02', format: 'json' } as const;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  world = await openSubscribers([
    { slug: 'small', name: 'Small', prices: [usd('month', '28'), usd('year', '336')] },
    { slug: 'large', name: 'Large', prices: [usd('month', '84')] },
  ]);
  till = await openCardTill(world.context, sandbox);
  await till.steer(undefined, { notify: 'none' });
  payer = await createPayer(world.platform, world.db.url);
  for (const name of names) customers[name] = await world.newCustomer();
  await live();
}, 60_000);
afterAll(async () => {
  await payer.close();
  await world.close();
  await sandbox.close();
});

/** To 08:00 of a day of February, with what falls due and what is earned on the way. */
async function until(date: number): Promise<void> {
  for (let days = today === 31 ? date : date - today; days > 0; days -= 1) {
    await world.pass('P1D');
    await recognizeSubscriptions(world.context);
    await recognizeRevenue(world.context);
  }
  today = date;
}

async function live(): Promise<void> {
  const { ada, bob, cid, dan, eve, fay, gus, hal, ivy, jan, kim } = customers;
  const { context } = world;

  // 31 January. In by bank: 28 + 100 + 100 + 28 + 28 + 28 = 312; by card: 28.
  const first = await ada.subscribe('small', { provider: null });
  await ada.pay({ id: first.invoice?.id ?? '', due: '28.00' });
  await bob.topUp('100');
  const bobs = (await bob.subscribe('small')).subscription.id;
  await cid.topUp('100');
  const { subscription: cids, invoice: cidPaid } = await cid.subscribe('large');
  await dan.topUp('28');
  const dans = (await dan.subscribe('small')).subscription.id;
  await eve.topUp('28');
  const eves = (await eve.subscribe('small')).subscription.id;
  const { id: methodId } = await till.storeCard(context, fay.organizationId);
  await fay.subscribe('small', { provider: null, methodId });
  await gus.topUp('28');
  await gus.subscribe('small');

  await until(3); // An operator invoices 50.00, which nobody will pay.
  const hals = await createManualInvoice(context, {
    ...{ organization: hal.organizationId, currency: 'USD', due_in_days: 7 },
    lines: [{ description: 'Set-up', quantity: 1, unit_amount: '50.00' }],
  } as never);

  await until(5); // Eve leaves at once: 23 of 28 days are unused, a credit note of 23.00.
  await eve.change(eves, { action: 'cancel', when: 'now' });

  await until(9); // In by bank: 30. A package of 30 days: 1.00 a day.
  await ivy.topUp('30');
  const { id: packageId } = await createPackage(context, {
    ...{ name: 'Starter', price: '30.00', currency: 'USD', duration_days: 30, daily_limit: '5' },
  });
  const { organizationId } = ivy;
  await purchasePackage(context, {
    ...{ organizationId, packageId, provider: 'wallet', returnUrl: undefined },
  });

  await until(10); // Dan ends with the period; ada gets 10.00 of 28.00 back, with a credit note; cid 7.00 as credit.
  await dan.change(dans, { action: 'cancel', when: 'period_end' });
  const paid = await searchPayments(context, { organization: ada.organizationId, limit: 5 });
  const payment = paid.data.find(({ status }) => status === 'succeeded');
  await refundPayment(context, {
    ...{ paymentId: payment?.id ?? '', amount: '10.00', destination: 'provider' },
    ...{ reason: 'Outage', leavesDebt: false },
  });
  await inTransaction(context, (transaction) =>
    createCreditNote(context, transaction, {
      ...{ invoiceId: cidPaid?.id ?? '', reason: 'Outage' },
      credit: { kind: 'amount', amount: { minor: 700n, currency: 'USD' } },
    }),
  );

  await until(12); // In by bank: 336, for a year: 28.00 a month.
  await kim.topUp('336');
  await kim.subscribe('small', { cycle: 'year' });

  await until(14); // Half of the period is over: bob pays 42.00 − 14.00 from his wallet.
  await bob.change(bobs, { plan: 'large', when: 'now' });
  await cid.change(cids.id, { plan: 'small', when: 'period_end' });

  await until(16); // In by bank: 20, for calls.
  await jan.topUp('20');
  await call(jan, { cents: 250, costCents: 100 });
  await call(jan, { cents: 40 });
  await call(ivy, { cents: 120, costCents: 50 });

  await until(20); // Eve comes back with 23.00 of credit and 5.00 by bank; hal is given up on.
  await eve.topUp('5');
  await eve.subscribe('small');
  await writeOffInvoice(context, { id: hals, reason: 'Gone' });

  await till.steer(undefined, { charge: 'decline:insufficient_funds', notify: 'none' });
  await until(28); // Renewals at 08:00: fay's card is declined, gus has nothing, cid goes down, dan is over.
  world.platform.clocks.set('2026-02-28T23:30:00Z');
}

let calls = 0;

async function call(
  { organizationId }: Customer,
  { cents, costCents }: { cents: number; costCents?: number },
): Promise<void> {
  calls += 1;
  const at = world.platform.clocks.business();
  await payer.settle({
    requestId: idAt('req', at) + String(calls).padStart(16, '0'),
    ...{ organizationId, apiKeyId: null, userId: null, costCenterId: null },
    ...{ applicationId: null, meters: [], model: 'gpt-4o-mini', priceId: 'mpr_fixture' },
    ...{ channel: costCents === undefined ? 'chn_free' : 'chn_priced', tags: [] },
    amount: nanos(cents),
    usage: {
      ...{ inputTokens: 100, cachedInputTokens: 0, cacheWriteTokens: 0 },
      ...{ outputTokens: 10, reasoningTokens: 0, estimated: false },
    },
    ...{ outcome: 'completed', authorizedAt: at, latencyMs: null, firstTokenMs: null },
    ...(costCents !== undefined && { details: { costNanos: nanos(costCents) } }),
  });
}

/** The figures are the same before the days are added up and after. */
describe.each(['read from the books', 'added up day by day'])('February 2026, %s', (how) => {
  beforeAll(async () => {
    if (how === 'read from the books') return;
    await keepSums(world.context);
    await keepMargins(world.context);
  });

  it('earned 334.62 and received 381.00', async () => {
    const report = await readRevenueReport(world.context, { ...february, interval: 'month' });
    const [usdReport] = report.currencies;
    expect(report.currencies).toHaveLength(1);
    expect(usdReport?.total).toMatchObject({
      by_kind: {
        // ada 28, bob 14 × 1 + 14 × 3 = 56, cid 28 × 3 = 84, dan 28, fay 28, gus 28: 252.00
        // eve: her first period goes on being earned, 28.00, for the note below takes the unused part back;
        //   from 20 February 8 days of her second one: 8.00
        // kim: 16 of 365 days of 336.00, rounded down to the cent: 14.72
        subscriptions: '302.72',
        packages: '19.00', // 9 to 28 February: 19 days
        invoices: '50.00', // hal's: earned, and lost beside it
        usage: '2.90', // jan: 2.50 + 0.40; ivy's call was the package's
        grants: '0.00',
        credit_notes: '-40.00', // eve 23.00, ada 10.00, cid 7.00
        ...{ corrections: '0.00', other: '0.00' },
      },
      recognized: '334.62', // 302.72 + 19 + 50 + 2.90 − 40
      received: '391.00', // ivy 30, kim 336, jan 20, eve 5
      returned: '-10.00', // ada
      ...{ disputed: '0.00', fees: '0.00', cash: '381.00' },
    });
    expect(usdReport?.providers).toMatchObject([{ provider: 'manual', cash: '381.00' }]);
  });

  it('moved the MRR from 252.00 to 252.00', async () => {
    const report = await readMrrReport(world.context, february);
    expect(report.currencies).toMatchObject([
      {
        ...{ currency: 'USD', mrr: '252.00', customers: 7, arpu: '36.00' },
        points: [
          {
            start: '252.00', // six of 28.00 and one of 84.00
            new: '28.00', // kim
            expansion: '56.00', // bob 28 → 84
            contraction: '-56.00', // cid 84 → 28
            churn: '-56.00', // eve, dan
            reactivation: '28.00', // eve
            net: '0.00',
            end: '252.00',
            customers: { start: 7, new: 1, churned: 2, reactivated: 1, end: 7 },
            arpu: '36.00',
          },
        ],
      },
    ]);
  });

  it('lost two of seven customers, and 112.00 of 252.00', async () => {
    const report = await readChurnReport(world.context, { ...february, from: '2026-01' });
    expect(report.currencies[0]?.points[1]).toMatchObject({
      ...{ customers: 7, churned: 2, customer_churn: 0.2857 },
      ...{ mrr: '252.00', lost: '112.00', revenue_churn: 0.4444 },
      net_retention: 0.7778, // (252 − 112 + 56) / 252
    });
    expect(report.currencies[0]?.cohorts).toMatchObject([
      {
        ...{ month: '2026-01', customers: 7, mrr: '252.00' },
        months: [
          { after: 0, customer_retention: 1, revenue_retention: 1 },
          // Dan is gone, eve is back: 6; 252 + 56 − 56 − 56 + 28 = 224
          { after: 1, customers: 6, customer_retention: 0.8571, mrr: '224.00' },
        ],
      },
      { month: '2026-02', customers: 1, mrr: '28.00' },
    ]);
  });

  it('used 4.10, of which 2.90 was paid from a wallet', async () => {
    const { total } = await readUsageReport(world.context, { ...february, interval: 'month' });
    expect(total).toMatchObject({
      ...{ calls: 3, input_tokens: 300, output_tokens: 30, value: '4.10' },
      ...{ by_allowance: '1.20', by_grant: '0.00', by_wallet: '2.90', owed: '0.00' },
      ...{ recognized: '334.62', value_to_revenue: 0.0123 },
    });
  });

  it('made 2.20 with calls whose cost is known', async () => {
    const by = { ...february, order: 'most' } as const;
    const { currencies } = await readMarginReport(world.context, { ...by, by: 'model' });
    expect(currencies[0]?.rows).toMatchObject([
      {
        ...{ key: 'gpt-4o-mini', calls: 3, value: '4.10', revenue: null, cost: '1.50' },
        // (4.10 − 0.40) − 1.50, of 3.70
        ...{ uncosted_calls: 1, uncosted_value: '0.40', margin: '2.20', margin_rate: 0.5946 },
      },
    ]);
    const channels = await readMarginReport(world.context, { ...by, by: 'channel' });
    expect(channels.currencies[0]?.rows).toMatchObject([
      { key: 'chn_priced', value: '3.70', cost: '1.50', margin: '2.20' },
      { key: 'chn_free', value: '0.40', cost: '0.00', margin: '0.00', margin_rate: null },
    ]);
    const of = await readMarginReport(world.context, { ...by, by: 'customer' });
    const row = (name: Name) =>
      of.currencies[0]?.rows.find(({ key }) => key === customers[name].organizationId);
    expect(row('jan')).toMatchObject({ revenue: '2.90', cost: '1.00', margin: '1.90' });
    expect(row('ivy')).toMatchObject({ revenue: '19.00', cost: '0.50', margin: '18.50' });
    expect(row('eve')).toMatchObject({ revenue: '13.00', cost: '0.00' }); // 28 − 23 + 8
    expect(of.currencies[0]?.total).toMatchObject({ revenue: '334.62', margin: '333.12' });
  });

  it('wrote off 50.00', async () => {
    const { currencies } = await readBadDebtReport(world.context, february);
    expect(currencies).toMatchObject([
      { currency: 'USD', written_off: '50.00', recovered: '0.00', loss_rate: 0.1494 },
    ]);
  });

  it('saw one card declined, and every transfer arrive', async () => {
    const report = await readPaymentsReport(world.context, { ...february, interval: 'month' });
    const [manual, stripe] = report.providers;
    expect(manual).toMatchObject({
      provider: 'manual',
      total: { begun: 4, succeeded: 4, failed: 0, success_rate: 1 },
    });
    expect(stripe).toMatchObject({
      provider: 'stripe',
      total: { succeeded: 0, failed: 1, success_rate: 0 },
    });
    expect(report.declines).toEqual([
      { provider: 'stripe', reason: 'insufficient_funds', payments: 1 },
    ]);
  });
});

it('leads to the rows behind the figures of a month', async () => {
  const { context } = world;
  const month = { from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z', limit: 50 };
  const before = { ...month, from: '2026-01-01T00:00:00Z', to: month.from };
  const payments = async (search: object) =>
    (await searchPayments(context, { ...month, ...search })).data.map(({ amount }) => amount);
  const byBank = await payments({ provider: 'manual', status: 'succeeded' });
  expect(byBank.toSorted()).toEqual(['20.00', '30.00', '336.00', '5.00']);
  expect(await payments({ collected: 'true', status: 'succeeded' })).toEqual(byBank);
  expect(await payments({ status: 'succeeded' })).not.toEqual(byBank);
  expect(await payments({ provider: 'stripe', status: 'failed' })).toEqual(['28.00']);
  expect((await searchRefunds(context, month)).data).toMatchObject([{ amount: '10.00' }]);
  expect((await searchRefunds(context, before)).data).toEqual([]);
  const total = ({ totalMinor }: CreditNote) => totalMinor;
  const notes = await listCreditNotes(context, month, total);
  expect(notes.data.toSorted()).toEqual([1000n, 2300n, 700n]);
  expect((await listCreditNotes(context, before, total)).data).toEqual([]);
});

describe('twelve days later', () => {
  beforeAll(async () => {
    await world.pass('P12D');
  }, 30_000);

  it('says who owes, for how long, and who is likely not to pay', async () => {
    const report = await readBadDebtReport(world.context, { format: 'json' });
    const idsOf = (rows: { organization: string }[]) =>
      rows.map(({ organization }) =>
        names.find((name) => customers[name].organizationId === organization),
      );
    // Since 28 February: bob has 44.00 left for 84.00; ada, fay and gus are asked for 28.00 each; cid has 16.00 and
    // 7.00 of credit for 28.00, of which 21.00 is due. 84 + 3 × 28 + 21 = 189
    expect(new Set(idsOf(report.debtors))).toEqual(new Set(['bob', 'ada', 'fay', 'gus', 'cid']));
    expect(report.debtors[0]).toMatchObject({ amount: '84.00', invoices: 1 });
    const [inDollars] = report.currencies;
    expect(inDollars?.overdue).toBe('189.00');
    expect(inDollars?.ages[0]).toMatchObject({
      ...{ from_days: 0, to_days: 30, invoices: 5, customers: 5, amount: '189.00' },
    });
    const [first] = report.warnings;
    expect(first).toMatchObject({
      organization: customers.fay.organizationId,
      at_risk: '56.00', // the open invoice and a month
      reasons: ['overdue', 'charges_fail'],
    });
    expect(idsOf(report.warnings)).not.toContain('hal');
  });
});
