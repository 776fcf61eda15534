/** Billing by team: an invoice's lines of use, by who used it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNanos as toNanos } from '../../../platform/money.ts';
import { splitFile, splitInvoice } from '../../invoicing/operations/split-invoice.ts';
import { openPress, type Press } from '../testing/press.ts';
import { runBilling } from './run-billing.ts';
import { subscribe } from './subscribe.ts';

const template = `
application: { slug: press, name: Press }
meters:
  - { key: sheets, name: Sheets, aggregation: sum }
  - { key: peak, name: Peak, aggregation: max }
plans:
  - slug: press
    name: Press
    prices: [{ currency: USD, interval: month, amount: 10 }]
    charges:
      - meter: sheets
        model: graduated
        tiers: [{ up_to: 100, unit_amount: 0.0333 }, { up_to: null, unit_amount: 0.0171 }]
      - { meter: peak, model: per_unit, unit_amount: 0.05, minimum_spend: 2 }
`;

let press: Press;

beforeAll(async () => {
  press = await openPress(template);
});
afterAll(() => press.close());

describe('splitInvoice', () => {
  it('gives each who used, to the nano, and says what is nobody’s', async () => {
    const { context, platform } = press;
    const organizationId = await press.newCustomer('5000');
    await subscribe(context, { organizationId, plan: 'press', cycle: 'month', provider: 'wallet' });
    const use = async (quantity: string, at: string, meter?: string, costCenterId?: string) => {
      platform.clocks.set(at);
      const whose = { userId: 'usr_1', ...(costCenterId && { costCenterId }) };
      await press.use(organizationId, quantity, at, meter, whose);
    };
    await use('1', '2026-03-01T00:10:00.000Z', 'sheets', 'cct_a');
    await use('200', '2026-03-05T07:00:00.000Z', 'sheets', 'cct_b');
    await use('100', '2026-03-31T23:59:00.000Z', 'sheets');
    // The largest does not add up: how often each reported decides.
    await use('50', '2026-03-31T23:59:10.000Z', 'peak', 'cct_a');
    await use('60', '2026-03-31T23:59:20.000Z', 'peak', 'cct_b');
    await use('40', '2026-03-31T23:59:30.000Z', 'peak', 'cct_b');
    platform.clocks.set('2026-04-02T00:00:00.000Z');
    await runBilling(context);
    const [invoice] = await press.invoices(organizationId);

    const split = await splitInvoice(context, {
      ...{ organizationId, id: invoice?.id ?? '', by: 'cost_center' },
    });
    // 100 at 0.0333 and 201 at 0.0171 are 6.7671, on the invoice 6.77.
    expect(split.lines.map(({ amount }) => amount)).toEqual(['6.77', '3.00']);
    const [sheets, peak] = split.lines;
    expect(sheets?.shares).toEqual([
      { id: null, name: null, amount: '2.249169435', net_amount: '2.249169435' },
      { id: 'cct_a', name: null, amount: '0.022491694', net_amount: '0.022491694' },
      { id: 'cct_b', name: null, amount: '4.498338871', net_amount: '4.498338871' },
    ]);
    expect(peak?.shares.map(({ id, amount }) => [id, amount])).toEqual([
      ['cct_a', '1.00'],
      ['cct_b', '2.00'],
    ]);
    for (const { amount, shares } of split.lines) {
      const sum = shares.reduce((total, share) => total + toNanos(share.amount), 0n);
      expect(sum).toBe(toNanos(amount));
    }
    expect(split.other).toBe('10.00');
    expect(split.totals.map(({ id }) => id)).toEqual(['cct_b', null, 'cct_a']);

    const byMember = await splitInvoice(context, {
      ...{ organizationId, id: invoice?.id ?? '', by: 'member' },
    });
    expect(byMember.totals).toEqual([
      { id: 'usr_1', name: null, amount: '9.77', net_amount: '9.77' },
    ]);
    const file = splitFile(split).bytes.toString();
    expect(file.split('\r\n').filter((line) => line !== '')).toHaveLength(6);
    // What is owed is what it was.
    expect((await press.invoices(organizationId))[0]).toEqual(invoice);
  });
});
