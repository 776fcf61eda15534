/** What is written by hand for a customer, on the next invoice of its subscription. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeBillingDetails } from '../../invoicing/operations/billing-details.ts';
import {
  createManualInvoice,
  discardManualInvoice,
  finalizeManualInvoice,
} from '../../invoicing/operations/manual-invoices.ts';
import { findInvoice } from '../../invoicing/store.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import {
  type Customer,
  openSubscribers,
  type Subscribers,
  subscriptionOf,
  usd,
} from '../testing/subscribers.ts';
import { previewNextInvoice } from './preview-next-invoice.ts';
import { runBilling } from './run-billing.ts';

let world: Subscribers;
beforeAll(async () => {
  world = await openSubscribers([{ slug: 'pro', name: 'Pro', prices: [usd('month', '20')] }]);
});
afterAll(() => world.close());

async function newCustomer(isConsolidated = true): Promise<Customer> {
  const customer = await world.newCustomer();
  await changeBillingDetails(world.context, customer.organizationId, { isConsolidated });
  await customer.topUp('500');
  return customer;
}

const write = ({ organizationId }: Customer, description: string, unitAmount: string) =>
  createManualInvoice(world.context, {
    organization: organizationId,
    currency: 'USD',
    lines: [{ description, unit_amount: unitAmount }],
    with_next_invoice: true,
  });
const linesOf = async (customer: Customer) =>
  (await customer.invoices())[0]?.lines.map(({ kind, amount }) => `${kind} ${amount}`);

describe('consolidated invoices', () => {
  it('take what waits, each once, as the preview said', async () => {
    const customer = await newCustomer();
    const { id } = (await customer.subscribe('pro')).subscription;
    const waiting = [
      await write(customer, 'Workshop', '12.50'),
      await write(customer, 'Travel', '3'),
    ];
    expect(await findInvoice(world.context.database, waiting[0] ?? '')).toMatchObject({
      ...{ status: 'draft', number: null },
    });
    const subscription = await subscriptionOf(world.context, id);
    const preview = await previewNextInvoice(world.context, subscription);
    expect(preview?.total).toBe('35.50');
    await world.pass('P1M');
    expect(await linesOf(customer)).toEqual(['subscription 20.00', 'manual 12.50', 'manual 3.00']);
    expect((await customer.invoices())[0]).toMatchObject({ status: 'paid', total: '35.50' });
    for (const draft of waiting) {
      expect(await findInvoice(world.context.database, draft)).toBeUndefined();
    }
    const books = await readBooks(world.context.database, customer.organizationId);
    expect(Object.keys(books)).not.toContain('receivable USD');
    await world.pass('P32D');
    expect(await linesOf(customer)).toEqual(['subscription 20.00']);
  });

  it('leave out what was taken back or issued by itself meanwhile', async () => {
    const customer = await newCustomer();
    await customer.subscribe('pro');
    const [discarded, issued] = [await write(customer, 'A', '1'), await write(customer, 'B', '2')];
    await discardManualInvoice(world.context, discarded);
    await finalizeManualInvoice(world.context, issued);
    await world.pass('P1M');
    expect(await linesOf(customer)).toEqual(['subscription 20.00']);
  });

  it('take another currency’s lines never, and lines of other customers neither', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    await customer.subscribe('pro');
    await write(other, 'Workshop', '12.50');
    await createManualInvoice(world.context, {
      ...{ organization: customer.organizationId, currency: 'EUR', with_next_invoice: true },
      lines: [{ description: 'Workshop', unit_amount: '12.50' }],
    });
    await world.pass('P1M');
    expect(await linesOf(customer)).toEqual(['subscription 20.00']);
  });

  it('take the lines once where two processes bill', async () => {
    const customer = await newCustomer();
    await customer.subscribe('pro');
    await write(customer, 'Workshop', '12.50');
    const other = world.otherProcess();
    const { clocks } = world.platform;
    clocks.advance('P1M');
    await Promise.all([runBilling(world.context), runBilling(other.context)]);
    await other.close();
    expect(await linesOf(customer)).toEqual(['subscription 20.00', 'manual 12.50']);
    expect(await customer.invoices()).toHaveLength(2);
  });

  it('are for customers who have them: nothing waits for others', async () => {
    const customer = await newCustomer(false);
    await expect(write(customer, 'Workshop', '12.50')).rejects.toMatchObject({
      ...{ code: 'rule_violated', param: 'with_next_invoice' },
    });
  });
});
