/** A desk at which fapiao are asked for and issued, for tests: one customer for each, over HTTP. */
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { createCreditNote } from '../operations/create-credit-note.ts';
import { recordManualPayment } from '../operations/record-manual-payment.ts';
import { type Desk, openDesk } from './desk.ts';

/** Open while the tests of a file run; `organizationId` is the customer of the one that runs. */
export let desk: Desk;
export let organizationId: string;

export function useFapiaoDesk(): void {
  beforeAll(async () => {
    desk = await openDesk();
  });
  beforeEach(nextCustomer);
  afterAll(() => desk.close());
}

export async function nextCustomer(): Promise<void> {
  organizationId = await desk.newCustomer();
}

export const pdf = Buffer.from('%PDF-1.7\nA fapiao\n').toString('base64');
export const title = {
  kind: 'company',
  name: '示例科技有限公司',
  tax_number: '91310000MA1K35X12A',
  email: 'books@customer.test',
};

/** 100.00 before tax, 125.00 with it, paid by bank transfer. */
export async function paidInvoice(): Promise<string> {
  const { id } = await desk.issue(organizationId, 10_000n, { currency: 'CNY' });
  await pay(id, '125.00');
  return id;
}

export function pay(invoiceId: string, amount: string, currency = 'CNY') {
  const note = 'Bank transfer';
  return recordManualPayment(desk.context, { organizationId, invoiceId, amount, currency, note });
}

export const own = (url: string, by = organizationId) =>
  desk.ask({ method: 'GET', url: `/api/v1/billing/${url}` }, by);
export const ask = (invoices: string[], changes: object = {}, by = organizationId) =>
  desk.ask(
    {
      method: 'POST',
      url: '/api/v1/billing/fapiao',
      payload: { invoices, vat: 'general', title, ...changes },
    },
    by,
  );
export const operate = (id: string, action: string, payload: object = {}) =>
  desk.ask({ method: 'POST', url: `/api/v1/admin/fapiao/${id}/${action}`, payload });

let lastNumber = 26_312_000_000n;
export const nextNumber = () => {
  lastNumber += 1n;
  return String(lastNumber);
};
export const issuing = (changes: object = {}) => ({
  ...{ amount: '125.00', number: nextNumber(), issued_on: '2026-01-01' },
  file: { format: 'pdf', content: pdf },
  ...changes,
});
export const reversing = (changes: object = {}) => ({
  ...{ number: nextNumber(), reversed_on: '2026-01-01' },
  ...changes,
});

export async function asked(invoices?: string[]): Promise<string> {
  const answer = await ask(invoices ?? [await paidInvoice()]);
  expect(answer.statusCode, answer.body).toBe(201);
  desk.platform.clocks.advance('PT1S');
  return answer.json().id;
}

export function credit(invoiceId: string, amount?: string, context: Context = desk.context) {
  return inTransaction(context, (transaction) =>
    createCreditNote(context, transaction, {
      invoiceId,
      reason: 'A day without service',
      credit: amount
        ? { kind: 'amount', amount: { minor: BigInt(amount), currency: 'CNY' } }
        : { kind: 'whole' },
    }),
  );
}

export const statusOf = async (id: string) => (await own(`fapiao/${id}`)).json().status;
