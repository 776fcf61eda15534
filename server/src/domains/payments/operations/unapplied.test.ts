import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { verifyLedger } from '../../access/index.ts';
import { getInvoice, judgeOverdueInvoices, recordManualPayment } from '../../invoicing/index.ts';
import {
  type ApplyUnappliedCommand,
  applyUnapplied,
} from '../../invoicing/operations/apply-unapplied.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openOrganization, openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { findPayingProviders } from '../search-store.ts';
import { issuedInvoice, paidTopUp } from '../testing/till.ts';
import { countUnapplied } from '../totals-store.ts';
import { loadProvider } from './load-provider.ts';
import { pollAttempts } from './poll-attempts.ts';
import { listUnapplied, searchRefunds } from './read-refunds.ts';
import { refundPayment } from './refund-payment.ts';
import { returnUnapplied } from './return-unapplied.ts';
import { pollRefunds } from './send-refund.ts';
import { settleAttempt } from './settle-attempt.ts';
import { takeRefundNews } from './take-refund-news.ts';
import { updateProvider } from './update-provider.ts';

let sandbox: Sandbox;
let shop: Shop;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  shop = await openShop(sandbox);
});
afterEach(async () => {
  expect((await verifyLedger(shop.platform)).problems).toEqual([]);
  await shop.close();
});

const books = () => readBooks(shop.db.database);
const page = { limit: 50, cursor: undefined };
const open = async () => (await listUnapplied(shop.context, { ...page, state: 'open' })).data;
const theOpen = async () => {
  const [parked] = await open();
  if (!parked) throw new Error('no money is parked');
  return parked;
};
const apply = (id: string, changes: Partial<ApplyUnappliedCommand> = {}, context = shop.context) =>
  applyUnapplied(context, {
    ...{ id, invoiceId: undefined, organizationId: undefined, rate: undefined },
    ...changes,
  });
/** Money that a query finds at Credit. */
const settle = (number: string, changes: { minor?: bigint; transaction?: string } = {}) =>
  settleAttempt(shop.context, {
    ...{ number, merchant: sandbox.credit.pid, provider: 'credit', source: 'query' },
    providerTransaction: changes.transaction ?? `t_${number}`,
    amount: { minor: changes.minor ?? 14_400n, currency: 'LDC' },
  });
/** A top-up of 20.00 USD whose money came too late. */
const late = async () => {
  const { payment } = await shop.topUp('20.00');
  const number = await shop.numberOf(payment.id);
  shop.platform.clocks.advanceBusiness('P4D');
  await judgeOverdueInvoices(shop.context);
  await shop.steer(number, { before_redirect: true });
  await shop.visit(payment.next);
  return { id: payment.id, number };
};

const sandboxUrl = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox${path}`;
/** A top-up of 20.00 USD that was paid by bank before it was paid at WeChat, which then gives parts back by itself. */
const paidTwice = async () => {
  const { context, organizationId } = shop;
  const settings = { ...sandbox.wechat, api_url: sandboxUrl('/wechat'), rates: { USD: '7.2' } };
  await updateProvider(context, { provider: 'wechat', enabled: true, settings });
  shop.platform.clocks.set(new Date());
  const topUp = { organizationId, amount: '20.00', currency: 'USD', provider: 'wechat' };
  const { payment, invoice } = await topUpWallet(context, { ...topUp, returnUrl: undefined });
  const byBank = { ...topUp, invoiceId: invoice.id, note: 'Bank transfer' };
  await recordManualPayment(context, byBank);
  const number = await shop.numberOf(payment.id);
  const order = `/wechat/orders/${number}`;
  const steer = async (path: string, body: object) => {
    const answer = await fetch(sandboxUrl(path), { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  await steer(order, { outcome: 'paid', notify: 'none' });
  shop.platform.clocks.advance('PT1M');
  await pollAttempts(context);
  const loaded = await loadProvider(context, context.database, 'wechat');
  if (!loaded?.connection) throw new Error('WeChat is set up');
  const told = { provider: 'wechat', connection: { ...loaded.connection, confirmByQuery: false } };
  const refundThere = async (reference: string, minor: bigint) => {
    await steer(`${order}/refund`, { amount: String(minor) });
    await takeRefundNews(context, told, {
      ...{ number: null, reference, status: 'succeeded' },
      payment: { number, providerTransaction: null },
      amount: { minor, currency: 'CNY' },
    });
  };
  const refundsThere = async () => {
    const there = await (await fetch(sandboxUrl(order))).json();
    return (there as { refunds: { id: string; amount: number }[] }).refunds;
  };
  return { steer, refundThere, refundsThere };
};

describe('applyUnapplied', () => {
  it('puts late money into the wallet, once for any number of operators over two processes', async () => {
    await late();
    const { id } = await theOpen();
    const other = shop.otherProcess();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        apply(id, {}, index % 2 ? shop.context : other.context),
      ),
    );
    await other.close();
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await books()).toEqual({
      'clearing:credit LDC': '-144.00',
      'exchange LDC': '144.00',
      'exchange USD': '-20.00',
      'wallet USD': '20.00',
    });
    const { data } = await listUnapplied(shop.context, { ...page, state: 'applied' });
    expect(data).toMatchObject([
      { id, state: 'applied', applied: { invoice: null, amount: '20.00', currency: 'USD' } },
    ]);
    expect(data[0]?.resolved_at).not.toBeNull();
    expect(await countUnapplied(shop.db.database)).toBe(0n);
  });

  it('pays an invoice of which exactly so much is due', async () => {
    await late();
    const { id } = await theOpen();
    const dear = await issuedInvoice(shop, 2001n);
    await expect(apply(id, { invoiceId: dear })).rejects.toMatchObject({
      code: 'amount_out_of_range',
      param: 'invoice',
    });
    const invoiceId = await issuedInvoice(shop, 2000n);
    await apply(id, { invoiceId });
    const { organizationId, context } = shop;
    expect(await getInvoice(context, { organizationId, id: invoiceId })).toMatchObject({
      status: 'paid',
    });
    expect(await books()).toMatchObject({ 'revenue USD': '20.00' });
    expect(await books()).not.toHaveProperty('unapplied USD');
    const payers = await findPayingProviders(shop.db.database, [invoiceId, dear]);
    expect([...payers]).toEqual([[invoiceId, 'credit']]);
    await expect(apply(id, { invoiceId: dear })).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('applies an amount that does not fit at the rate of its payment, or at the operator’s', async () => {
    const under = await shop.numberOf((await shop.topUp('20.00')).payment.id);
    await settle(under, { minor: 7200n });
    await apply((await theOpen()).id);
    expect(await books()).toMatchObject({ 'wallet USD': '10.00' });
    const over = await shop.numberOf((await shop.topUp('20.00')).payment.id);
    await settle(over, { minor: 20_000n });
    await apply((await theOpen()).id, { rate: '0.2' });
    expect(await books()).toMatchObject({ 'wallet USD': '50.00' });
    expect(await books()).not.toHaveProperty('unapplied LDC');
  });

  it('applies what was paid twice', async () => {
    const { number } = await paidTopUp(shop);
    await settle(number, { transaction: 'twice' });
    await apply((await theOpen()).id);
    expect(await books()).toMatchObject({ 'wallet USD': '40.00' });
  });

  it('gives money of nobody to a customer', async () => {
    await settle('a'.repeat(24));
    const { id, organization } = await theOpen();
    expect(organization).toBeNull();
    expect(await books()).toEqual({});
    const { organizationId } = shop;
    await expect(apply(id)).rejects.toMatchObject({ code: 'rule_violated', param: 'organization' });
    await expect(apply(id, { organizationId: 'org_none' })).rejects.toMatchObject({
      code: 'not_found',
    });
    // No payment of ours says what it is worth.
    await expect(apply(id, { organizationId })).rejects.toMatchObject({
      code: 'currency_unsupported',
      param: 'rate',
    });
    await apply(id, { organizationId, rate: '0.125' });
    expect(await books()).toMatchObject({
      'wallet USD': '18.00',
      'clearing:credit LDC': '-144.00',
    });
  });

  it('keeps one customer’s money from another’s invoice', async () => {
    await late();
    const { id } = await theOpen();
    await openOrganization(shop.context, 'org_other');
    const others = { ...shop, organizationId: 'org_other' };
    const invoiceId = await issuedInvoice(others, 2000n);
    await expect(apply(id, { invoiceId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(apply(id, { invoiceId, organizationId: 'org_other' })).rejects.toMatchObject({
      code: 'rule_violated',
    });
    expect(await open()).toHaveLength(1);
  });

  it('lets a payment be refunded out of what its money became part of', async () => {
    const { id: paymentId } = await late();
    const command = { paymentId, amount: undefined, destination: 'provider' as const };
    const refund = () =>
      refundPayment(shop.context, { ...command, reason: 'Asked for', leavesDebt: false });
    await expect(refund()).rejects.toMatchObject({ code: 'invalid_state' });
    await apply((await theOpen()).id);
    expect(await refund()).toMatchObject({ status: 'succeeded' });
    expect(await books()).toEqual({});
  });
});

describe('returnUnapplied', () => {
  it('gives late money back at its provider, once', async () => {
    const { number } = await late();
    const { id } = await theOpen();
    const other = shop.otherProcess();
    const results = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => returnUnapplied(shop.context, { id, reason: 'Late' })),
      ...Array.from({ length: 5 }, () => returnUnapplied(other.context, { id, reason: 'Late' })),
      apply(id),
    ]);
    await other.close();
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const there = await (await fetch(`${shop.gatewayUrl}/orders/${number}`)).json();
    const isReturned = (there as { status: string }).status === 'refunded';
    expect(await books()).toEqual(
      isReturned ? {} : expect.objectContaining({ 'wallet USD': '20.00' }),
    );
    expect(await open()).toEqual([]);
  });

  it('waits for an operator again where the provider refuses', async () => {
    const { number } = await late();
    const { id } = await theOpen();
    await shop.steer(number, { refund: 'refuse' });
    expect(await returnUnapplied(shop.context, { id, reason: 'Late' })).toMatchObject({
      state: 'open',
    });
    expect(await books()).toMatchObject({ 'unapplied USD': '20.00' });
    await shop.steer(number, {});
    expect(await returnUnapplied(shop.context, { id, reason: 'Late' })).toMatchObject({
      state: 'returned',
    });
    expect(await books()).toEqual({});
  });

  it('asks about a return whose answer was lost', async () => {
    const { number } = await late();
    const { id } = await theOpen();
    await shop.steer(number, { refund: 'lost', query: 'down' });
    expect(await returnUnapplied(shop.context, { id, reason: 'Late' })).toMatchObject({
      state: 'returned',
    });
    const refunds = async () => (await searchRefunds(shop.context, page)).data;
    expect(await refunds()).toMatchObject([{ status: 'unknown', unapplied: id }]);
    await shop.steer(number, {});
    shop.platform.clocks.advance('PT2H');
    await pollRefunds(shop.context);
    expect(await refunds()).toMatchObject([{ status: 'succeeded' }]);
    expect(await books()).toEqual({});
  });

  it('gives back the rest where parts were given back at the provider', async () => {
    const { steer, refundThere, refundsThere } = await paidTwice();
    await refundThere('re_1', 3600n);
    await refundThere('re_2', 1800n);
    expect(await books()).toMatchObject({ 'unapplied USD': '12.50' });
    expect(await books()).not.toHaveProperty('refunds USD');
    const { id, amount } = await theOpen();
    expect(amount).toBe('12.50');
    await expect(apply(id)).rejects.toMatchObject({ code: 'invalid_state' });
    await returnUnapplied(shop.context, { id, reason: 'The rest' });
    shop.platform.clocks.advance('PT2H');
    await steer('/clock', { to: shop.platform.clocks.wall() });
    await pollRefunds(shop.context);
    expect(await open()).toEqual([]);
    expect(await books()).toEqual({ 'clearing:manual USD': '-20.00', 'wallet USD': '20.00' });
    const gone = (await refundsThere()).map((refund) => refund.amount);
    expect(gone).toEqual([3600, 1800, 9000]);
  });

  it('returns money of nobody, which no ledger has', async () => {
    const { payment } = await shop.topUp('20.00');
    const number = await shop.numberOf(payment.id);
    await shop.steer(number, { notify: 'none' });
    await shop.visit(payment.next);
    const order = await (await fetch(`${shop.gatewayUrl}/orders/${number}`)).json();
    const transaction = (order as { trade_no: string }).trade_no;
    // The same order, as a database that was lost would hear of it.
    await settleAttempt(shop.context, {
      ...{ number: 'b'.repeat(24), merchant: sandbox.credit.pid, provider: 'credit' },
      ...{ source: 'query', providerTransaction: transaction },
      amount: { minor: 14_400n, currency: 'LDC' },
    });
    const { id } = await theOpen();
    const returned = await returnUnapplied(shop.context, { id, reason: 'Of nobody' });
    expect(returned).toMatchObject({ organizationId: null });
    expect(await books()).toEqual({});
  });
});
