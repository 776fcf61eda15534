/** Known attacks on payment systems, by their numbers: money that comes twice, late, in another amount, or goes back. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../../sandbox/src/sandbox.ts';
import { reaction } from '../../platform/events.ts';
import {
  exponentOf,
  formatMinor,
  fromMinor,
  parseMinor,
  toMinorExact,
} from '../../platform/money.ts';
import { judgeOverdueInvoices, recordManualPayment } from '../invoicing/index.ts';
import { readAttempt } from '../invoicing/testing/rows.ts';
import { settlementPostings } from './core/settlement.ts';
import { paymentSucceeded } from './events.ts';
import { pollAttempts } from './operations/poll-attempts.ts';
import { updateProvider } from './operations/update-provider.ts';
import { openVictim, startGateway, type Victim } from './testing/victim.ts';

const success = { status: 200, text: 'success' };
const fail = { status: 200, text: 'fail' };

describe('attacks by money', () => {
  let sandbox: Sandbox;
  let victim: Victim;
  let succeeded: string[];
  beforeAll(async () => {
    sandbox = await startGateway();
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    succeeded = [];
    const listener = reaction(paymentSucceeded, async (_context, _transaction, { paymentId }) => {
      succeeded.push(paymentId);
    });
    victim = await openVictim(sandbox, { listeners: [listener] });
  });
  afterEach(() => victim.close());

  const attempt = (id: string) => readAttempt(victim.shop.db.database, id);

  it('attack 06: a term that ends after the payment changes nothing about it', async () => {
    const { truth, payment } = await victim.paidInSilence();
    expect(await victim.shop.notify(truth)).toEqual(success);
    victim.shop.platform.clocks.advance('P8D');
    await judgeOverdueInvoices(victim.shop.context);
    await pollAttempts(victim.shop.context);
    expect(await attempt(payment.id)).toMatchObject({ status: 'succeeded' });
    expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('attack 06: money that comes after the term is kept for the customer, acknowledged and counted once', async () => {
    const { payment, number } = await victim.order();
    victim.shop.platform.clocks.advance('P4D');
    await judgeOverdueInvoices(victim.shop.context);
    await pollAttempts(victim.shop.context);
    expect(await attempt(payment.id)).toMatchObject({ status: 'canceled' });
    await victim.shop.steer(number, { before_redirect: true, times: 5 });
    await victim.shop.visit(payment.next);
    const organization = victim.shop.organizationId;
    expect(await victim.unapplied()).toEqual([
      { organization, reason: 'late', amount: '2000 USD' },
    ]);
    expect((await victim.inbox()).map(({ outcome }) => outcome)).not.toContain('refused');
    expect(await victim.books()).toMatchObject({ 'unapplied USD': '20.00' });
  });

  it('attack 07: case 18: fifty identical notifications to two processes at once are one credit', async () => {
    const { truth, payment } = await victim.paidInSilence();
    expect(await victim.storm(truth, 50)).toEqual(Array(50).fill('success'));
    expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(await victim.unapplied()).toEqual([]);
    expect(succeeded).toEqual([payment.id]);
  });

  it('attack 07: fifty notifications of one payment that differ in their bytes are one credit', async () => {
    const { truth, payment } = await victim.paidInSilence();
    const spellings = Array.from({ length: 25 }, (_, index) => {
      const names = Object.keys(truth);
      const turned = [
        ...names.slice(index % names.length),
        ...names.slice(0, index % names.length),
      ];
      return turned.map((name) => `${name}=${encodeURIComponent(truth[name] ?? '')}`).join('&');
    });
    const answers = await Promise.all(
      spellings.flatMap((text) => [victim.shop.notify(text), victim.shop.notify(text, 'POST')]),
    );
    // One that waited for another's lock too long may be told to come again; none is counted twice.
    expect(answers.every(({ text }) => text === 'success' || text === 'fail')).toBe(true);
    expect(await victim.shop.notify(truth)).toEqual(success);
    expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(succeeded).toEqual([payment.id]);
  });

  it('attack 08: an invoice that two providers collected is paid once, and the other money is kept', async () => {
    const { truth, invoice } = await victim.paidInSilence();
    await recordManualPayment(victim.shop.context, {
      ...{ organizationId: victim.shop.organizationId, invoiceId: invoice.id },
      ...{ amount: '20.00', currency: 'USD', note: 'Bank transfer' },
    });
    expect(await victim.shop.notify(truth)).toEqual(success);
    expect(await victim.shop.notify(truth, 'POST')).toEqual(success);
    expect(await victim.unapplied()).toEqual([
      { organization: victim.shop.organizationId, reason: 'duplicate', amount: '2000 USD' },
    ]);
    expect(await victim.books()).toMatchObject({
      'wallet USD': '20.00',
      'unapplied USD': '20.00',
    });
  });

  it.each<[string, (victim: Victim) => Promise<unknown>]>([
    [
      'its provider was switched off meanwhile',
      ({ shop }) => updateProvider(shop.context, { provider: 'credit', enabled: false }),
    ],
    ['its customer was suspended meanwhile', ({ shop }) => setStatus(shop, 'suspended')],
    [
      'its currency is priced in another way meanwhile',
      ({ shop }) => updateProvider(shop.context, { provider: 'credit', settings: { rates: {} } }),
    ],
    [
      'its invoice became void meanwhile',
      async ({ shop }) => {
        shop.platform.clocks.advanceBusiness('P4D');
        await judgeOverdueInvoices(shop.context);
      },
    ],
  ])('attack 11: money is taken and acknowledged although %s', async (_why, change) => {
    const { truth } = await victim.paidInSilence();
    await change(victim);
    expect(await victim.shop.notify(truth)).toEqual(success);
    const books = await victim.books();
    const kept = books['wallet USD'] ?? books['unapplied USD'];
    expect(kept).toBe('20.00');
  });

  it('attack 11: a wallet near its end takes more money than it can hold in no way but aside', async () => {
    // Every amount that may be charged fits; what fits nowhere must still not be refused.
    await victim.trust();
    const { fields } = await victim.order();
    const money = '999999999.99';
    expect(await victim.shop.notify(victim.signed({ ...fields, money }))).toEqual(success);
    expect(await victim.unapplied()).toMatchObject([{ reason: 'amount_mismatch' }]);
    expect(await victim.books()).toMatchObject({ 'unapplied LDC': money });
  });

  it.each(['0.01', '143.99', '144.01', '288.00', '999999.99'])(
    'attack 12: case 18: %s for an order of 144.00 is kept aside, listed and acknowledged',
    async (money) => {
      await victim.trust();
      const { fields, payment } = await victim.order();
      expect(await victim.shop.notify(victim.signed({ ...fields, money }))).toEqual(success);
      const amount = `${money.replace('.', '').replace(/^0+/, '')} LDC`;
      const organization = victim.shop.organizationId;
      expect(await victim.unapplied()).toEqual([
        { organization, reason: 'amount_mismatch', amount },
      ]);
      expect(await attempt(payment.id)).toMatchObject({ status: 'failed' });
      expect(await victim.books()).not.toHaveProperty('wallet USD');
      expect(succeeded).toEqual([]);
      expect(victim.shop.logged.some(({ reason }) => reason === 'amount_mismatch')).toBe(true);
    },
  );

  it('attack 15: every amount of every scale goes through text, nano-units and back', () => {
    const currencies = ['JPY', 'KRW', 'USD', 'CNY', 'LDC', 'BHD', 'KWD', 'TND'];
    expect([...new Set(currencies.map(exponentOf))].sort()).toEqual([0, 2, 3]);
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.bigInt({ min: 1n, max: 999_999_999n }),
        (currency, minor) => {
          const money = { minor, currency };
          expect(parseMinor(formatMinor(money), currency)).toEqual(money);
          expect(toMinorExact(fromMinor(money))).toEqual(money);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('attack 15: no number carries an amount between two currencies', () => {
    const amount = fc.bigInt({ min: 1n, max: 99_999_999n });
    fc.assert(
      fc.property(amount, amount, (there, here) => {
        const postings = settlementPostings(
          'clearing:credit',
          { minor: there, currency: 'LDC' },
          { minor: here, currency: 'USD' },
        );
        for (const { amount: moved } of postings) expect(typeof moved.amount).toBe('bigint');
        const [out, back] = postings;
        expect(out?.amount).toEqual(fromMinor({ minor: there, currency: 'LDC' }));
        expect(back?.amount).toEqual(fromMinor({ minor: here, currency: 'USD' }));
      }),
    );
  });

  it('attack 20: an old notification that is replayed after the refund credits nothing', async () => {
    const { truth, fields } = await victim.paidInSilence();
    expect(await victim.shop.notify(truth)).toEqual(success);
    const books = await victim.books();
    const refund = new URLSearchParams({
      ...{ pid: sandbox.credit.pid, key: sandbox.credit.key },
      ...{ trade_no: fields.trade_no ?? '', money: '144.00' },
    });
    const answer = await fetch(`${victim.shop.gatewayUrl}/api.php`, {
      method: 'POST',
      body: refund,
    });
    expect(await answer.json()).toMatchObject({ code: 1 });
    for (const method of ['GET', 'POST', 'GET'] as const) {
      expect(await victim.shop.notify(truth, method)).toEqual(success);
    }
    victim.shop.platform.clocks.advance('P1D');
    expect(await victim.shop.notify(truth)).toEqual(success);
    expect(await victim.books()).toEqual(books);
    expect(succeeded).toHaveLength(1);
  });

  it('attack 20: what was refunded before anybody told us of it is never credited', async () => {
    const { truth, fields } = await victim.paidInSilence();
    const refund = new URLSearchParams({
      ...{ pid: sandbox.credit.pid, key: sandbox.credit.key },
      ...{ trade_no: fields.trade_no ?? '', money: '144.00' },
    });
    await fetch(`${victim.shop.gatewayUrl}/api.php`, { method: 'POST', body: refund });
    expect(await victim.shop.notify(truth)).toEqual(fail);
    expect(await victim.books()).toEqual({});
  });

  it('attack 25: case 18: a hundred repeats have the effects of one', async () => {
    const { truth, payment, invoice } = await victim.paidInSilence();
    await victim.storm(truth, 60);
    for (let time = 0; time < 20; time += 1) {
      await victim.shop.notify(truth);
      await victim.shop.notify(truth, 'POST');
    }
    await pollAttempts(victim.shop.context);
    expect(succeeded).toEqual([payment.id]);
    const actions = await auditOf(victim.shop, [payment.id, invoice.id]);
    expect(actions.filter((action) => action === 'payment.settle')).toHaveLength(1);
    expect(new Set(actions).size).toBe(actions.length);
    expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
  });
});

async function setStatus({ db, organizationId }: Victim['shop'], status: string): Promise<void> {
  await db.database
    .withTables<{ identity_organizations: { id: string; status: string } }>()
    .updateTable('identity_organizations')
    .set({ status })
    .where('id', '=', organizationId)
    .execute();
}

async function auditOf({ db }: Victim['shop'], ids: string[]): Promise<string[]> {
  const rows = await db.database
    .withTables<{ audit_entries: { action: string; resource_id: string } }>()
    .selectFrom('audit_entries')
    .select('action')
    .where('resource_id', 'in', ids)
    .execute();
  return rows.map(({ action }) => action);
}
