import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { verifyLedger } from '../../access/index.ts';
import { fapiaoAmountOf } from '../../invoicing/core/fapiao.ts';
import { listCreditNoteRows } from '../../invoicing/credit-notes-store.ts';
import { createCreditNote, findInvoice, recordManualPayment } from '../../invoicing/index.ts';
import { loadCandidates } from '../../invoicing/operations/load-candidates.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import {
  invoicePaidAtCredit,
  issuedInvoice,
  paidInvoice,
  paidTopUp,
  spend,
} from '../testing/till.ts';
import { payAtOnce } from './pay-at-once.ts';
import { inspectPayment, listPaymentRefunds } from './read-refunds.ts';
import { type RefundPaymentCommand, refundPayment } from './refund-payment.ts';
import { pollRefunds } from './send-refund.ts';

describe('refundPayment', () => {
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
  const refund = (paymentId: string, changes: Partial<RefundPaymentCommand> = {}) =>
    refundPayment(shop.context, {
      ...{ paymentId, amount: undefined, destination: 'provider' },
      ...{ reason: 'It was not used', leavesDebt: false, ...changes },
    });
  const orderThere = async (number: string) =>
    (await (await fetch(`${shop.gatewayUrl}/orders/${number}`)).json()) as { status: string };
  const notesOf = (invoiceId: string) =>
    listCreditNoteRows(shop.db.database, { invoiceId, limit: 10 });

  it('gives a top-up back at its provider, out of the wallet', async () => {
    const { id, number } = await paidTopUp(shop);
    const refunded = await refund(id);
    expect(refunded).toMatchObject({
      status: 'succeeded',
      amount: { minor: 2000n, currency: 'USD' },
      charged: { minor: 14_400n, currency: 'LDC' },
    });
    expect(await orderThere(number)).toMatchObject({ status: 'refunded' });
    expect(await books()).toEqual({});
    await expect(refund(id)).rejects.toMatchObject({ code: 'invalid_state' });
    expect(await inspectPayment(shop.context, id)).toMatchObject({
      refundable: null,
      refunds: [{ id: refunded.id, status: 'succeeded', origin: 'operator' }],
    });
    const { organizationId } = shop;
    const shown = await listPaymentRefunds(shop.context, { organizationId, id });
    expect(shown.data).toMatchObject([
      { amount: '20.00', charged: { amount: '144.00', currency: 'LDC' }, to: 'provider' },
    ]);
  });

  it('refuses what was spent of a top-up, unless the customer is to owe it', async () => {
    const { id } = await paidTopUp(shop);
    await spend(shop, 15_000_000_000n);
    await expect(refund(id)).rejects.toMatchObject({ code: 'insufficient_funds' });
    expect(await books()).toMatchObject({ 'wallet USD': '5.00' });
    await refund(id, { leavesDebt: true });
    expect(await books()).toEqual({ 'receivable USD': '-15.00', 'revenue USD': '15.00' });
  });

  it('never sends a second refund after a lost answer: it asks', async () => {
    const { id, number } = await paidTopUp(shop);
    await shop.steer(number, { refund: 'lost', query: 'down' });
    expect(await refund(id)).toMatchObject({ status: 'unknown' });
    expect(await books()).toMatchObject({ 'refunds USD': '20.00' });
    await expect(refund(id)).rejects.toMatchObject({ code: 'invalid_state' });
    await shop.steer(number, {});
    shop.platform.clocks.advance('PT2H');
    expect(await pollRefunds(shop.context)).toBe(1);
    expect(await books()).toEqual({});
    expect(await pollRefunds(shop.context)).toBe(0);
  });

  it('sends what a crash left written down, under the number that it has', async () => {
    const { id, number } = await paidTopUp(shop);
    const dying = {
      ...shop.context,
      log: { ...shop.context.log },
      sealer: {
        ...shop.context.sealer,
        open() {
          throw new Error('the power failed');
        },
      },
    };
    const command = { paymentId: id, amount: undefined, destination: 'provider' as const };
    await expect(
      refundPayment(dying, { ...command, reason: 'Asked for', leavesDebt: false }),
    ).rejects.toThrow('the power failed');
    expect(await orderThere(number)).toMatchObject({ status: 'paid' });
    expect(await books()).toMatchObject({ 'refunds USD': '20.00' });
    shop.platform.clocks.advance('PT2H');
    await pollRefunds(shop.context);
    expect(await orderThere(number)).toMatchObject({ status: 'refunded' });
    expect(await books()).toEqual({});
  });

  it('puts everything back where a refund is refused, and lets another be made', async () => {
    const { id, number } = await paidTopUp(shop);
    await shop.steer(number, { refund: 'refuse' });
    expect(await refund(id)).toMatchObject({ status: 'failed' });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    await shop.steer(number, {});
    expect(await refund(id)).toMatchObject({ status: 'succeeded' });
    expect(await books()).toEqual({});
  });

  it('makes one refund of twenty that are asked for at once over two processes', async () => {
    const { id } = await paidTopUp(shop);
    const other = shop.otherProcess();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        refundPayment(index % 2 ? shop.context : other.context, {
          ...{ paymentId: id, amount: undefined, destination: 'provider' },
          ...{ reason: 'Asked for', leavesDebt: true },
        }),
      ),
    );
    await other.close();
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await books()).toEqual({});
  });

  it('never gives back more than was collected, in any parts at once', async () => {
    const { paymentId } = await paidInvoice(shop);
    const other = shop.otherProcess();
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        refundPayment(index % 2 ? shop.context : other.context, {
          ...{ paymentId, amount: '15.00', destination: 'provider' },
          ...{ reason: 'Asked for', leavesDebt: true },
        }),
      ),
    );
    await other.close();
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    expect(await refund(paymentId)).toMatchObject({ amount: { minor: 1000n } });
    expect(await books()).toEqual({});
  });

  it('credits the invoice whose money goes back, and leaves no credit to be used again', async () => {
    const { invoiceId, paymentId } = await paidInvoice(shop);
    await refund(paymentId, { amount: '30.00' });
    const notes = await notesOf(invoiceId);
    expect(notes).toMatchObject([
      { totalMinor: 3000n, remainingMinor: 0n, reason: 'It was not used' },
    ]);
    expect(await books()).toEqual({ 'clearing:manual USD': '-70.00', 'revenue USD': '70.00' });
    const payment = await inspectPayment(shop.context, paymentId);
    expect(payment.refundable).toEqual({ amount: '70.00', by_provider: 'part' });
  });

  it('leaves a credit note whose refund failed as credit, which the next refund pays out', async () => {
    const { invoiceId, paymentId, number } = await invoicePaidAtCredit(shop);
    await shop.steer(number, { refund: 'refuse' });
    expect(await refund(paymentId)).toMatchObject({ status: 'failed' });
    expect(await notesOf(invoiceId)).toMatchObject([{ remainingMinor: 10_000n }]);
    expect(await books()).toMatchObject({ 'customer_credit USD': '100.00' });
    await shop.steer(number, {});
    expect(await refund(paymentId)).toMatchObject({ status: 'succeeded' });
    expect(await notesOf(invoiceId)).toMatchObject([{ remainingMinor: 0n }]);
    expect(await books()).toEqual({});
  });

  it('pays out the credit of a note that was issued before, and credits only the rest', async () => {
    const { invoiceId, paymentId } = await paidInvoice(shop);
    await inTransaction(shop.context, (transaction) =>
      createCreditNote(shop.context, transaction, {
        ...{ invoiceId, reason: 'Unused time' },
        credit: { kind: 'amount', amount: { minor: 2500n, currency: 'USD' } },
      }),
    );
    await refund(paymentId, { amount: '40.00' });
    expect(await notesOf(invoiceId)).toMatchObject([
      { totalMinor: 1500n, remainingMinor: 0n },
      { totalMinor: 2500n, remainingMinor: 0n },
    ]);
    expect(await books()).toEqual({ 'clearing:manual USD': '-60.00', 'revenue USD': '60.00' });
  });

  it('counts what was given back of a top-up no longer as money for a fapiao', async () => {
    const { organizationId, context } = shop;
    const { id, invoiceId } = await recordManualPayment(context, {
      ...{ organizationId, amount: '20.00', currency: 'USD' },
      ...{ invoiceId: undefined, note: 'Bank transfer' },
    });
    const onFapiao = async () => {
      const invoice = await findInvoice(shop.db.database, invoiceId);
      const [candidate] = invoice ? await loadCandidates(shop.db.database, [invoice]) : [];
      return candidate && fapiaoAmountOf(candidate);
    };
    expect(await onFapiao()).toBe(2000n);
    await refund(id, { amount: '5.00' });
    expect(await onFapiao()).toBe(1500n);
    await refund(id);
    expect(await onFapiao()).toBe(0n);
  });

  it('puts a part into the wallet that a provider cannot give back', async () => {
    const { paymentId } = await paidInvoice(shop);
    expect(await refund(paymentId, { amount: '40.00', destination: 'wallet' })).toMatchObject({
      status: 'succeeded',
    });
    expect(await books()).toEqual({
      'clearing:manual USD': '-100.00',
      'revenue USD': '60.00',
      'wallet USD': '40.00',
    });
    const { id } = await paidTopUp(shop);
    const part = refund(id, { amount: '5.00' });
    await expect(part).rejects.toMatchObject({ code: 'provider_unavailable', param: 'to' });
    const again = refund(id, { amount: '5.00', destination: 'wallet' });
    await expect(again).rejects.toMatchObject({ code: 'rule_violated', param: 'to' });
  });

  it('gives back to the wallet what the wallet has paid', async () => {
    const { organizationId, context } = shop;
    await paidTopUp(shop);
    const invoiceId = await issuedInvoice(shop, 800n);
    const payment = await inTransaction(context, (transaction) =>
      payAtOnce(context, transaction, {
        ...{ organizationId, invoiceId, provider: 'wallet', title: 'A service' },
        ...{ amount: { minor: 800n, currency: 'USD' }, exchange: null },
      }),
    );
    expect(await books()).toMatchObject({ 'wallet USD': '12.00' });
    await refund(payment.id, { amount: '3.00' });
    expect(await books()).toMatchObject({ 'wallet USD': '15.00', 'revenue USD': '5.00' });
  });

  it.each([
    ['0.001', 'amount_out_of_range'],
    ['20.01', 'amount_out_of_range'],
  ])('refuses %s of 20.00', async (amount, code) => {
    const { id } = await paidTopUp(shop);
    await expect(refund(id, { amount })).rejects.toMatchObject({ code, param: 'amount' });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('refuses what was never paid, and what nobody knows', async () => {
    const { payment } = await shop.topUp('20.00');
    await expect(refund(payment.id)).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(refund('pay_none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('does not credit a payment again whose notification is replayed after its refund', async () => {
    const { id, number } = await paidTopUp(shop);
    await refund(id);
    await shop.steer(number, { before_redirect: true, outcome: 'paid' });
    expect(await books()).toEqual({});
  });
});
