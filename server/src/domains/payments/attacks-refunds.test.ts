/** A known attack on payment systems: refunds that race each other, and answers to them that are lost. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../../sandbox/src/sandbox.ts';
import { refundPayment } from './operations/refund-payment.ts';
import { pollRefunds } from './operations/send-refund.ts';
import { paidInvoice, paidTopUp } from './testing/till.ts';
import { openVictim, startGateway, type Victim } from './testing/victim.ts';

const whole = { amount: undefined, destination: 'provider', reason: 'Asked for' } as const;

describe('attacks by refund', () => {
  let sandbox: Sandbox;
  let victim: Victim;
  beforeAll(async () => {
    sandbox = await startGateway();
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    victim = await openVictim(sandbox);
  });
  afterEach(() => victim.close());

  /** Many ask at once, over two processes; how many were let through. */
  const race = async (paymentId: string, amounts: readonly (string | undefined)[]) => {
    const other = victim.shop.otherProcess();
    const results = await Promise.allSettled(
      amounts.map((amount, index) =>
        refundPayment(index % 2 ? victim.shop.context : other.context, {
          ...{ ...whole, paymentId, amount, leavesDebt: true },
        }),
      ),
    );
    await other.close();
    return results.filter(({ status }) => status === 'fulfilled').length;
  };
  const refundedThere = async (number: string) => {
    const answer = await fetch(`${victim.shop.gatewayUrl}/orders/${number}`);
    return (await answer.json()) as { status: string };
  };

  it('attack 21: thirty operators who give the same payment back at once give it back once', async () => {
    const { id, number } = await paidTopUp(victim.shop);
    expect(await race(id, Array(30).fill(undefined))).toBe(1);
    expect(await refundedThere(number)).toMatchObject({ status: 'refunded' });
    expect(await victim.books()).toEqual({});
  });

  it.each([
    ['equal parts', Array(30).fill('9.00'), 11],
    ['parts and the whole', ['60.00', '60.00', '60.00', '100.00'], 1],
    ['more than there is', ['100.01', '1000.00', '99999.00'], 0],
  ])(
    'attack 21: %s at once never come to more than was collected',
    async (_what, amounts, most) => {
      const { paymentId } = await paidInvoice(victim.shop);
      const through = await race(paymentId, amounts);
      expect(through).toBeLessThanOrEqual(most);
      const back = await refundedMinor(paymentId);
      expect(back).toBeLessThanOrEqual(10_000n);
      if (most > 0) expect(back).toBeGreaterThan(0n);
    },
  );

  it('attack 21: an answer that was lost is asked for, and makes no second refund', async () => {
    const { id, number } = await paidTopUp(victim.shop);
    await victim.shop.steer(number, { refund: 'lost', query: 'down' });
    await refundPayment(victim.shop.context, { ...whole, paymentId: id, leavesDebt: false });
    expect(await race(id, [undefined, undefined, '1.00'])).toBe(0);
    await victim.shop.steer(number, {});
    victim.shop.platform.clocks.advance('PT2H');
    const other = victim.shop.otherProcess();
    await Promise.all([pollRefunds(victim.shop.context), pollRefunds(other.context)]);
    await other.close();
    expect(await victim.books()).toEqual({});
    expect(await race(id, [undefined])).toBe(0);
  });

  async function refundedMinor(paymentId: string): Promise<bigint> {
    const rows = await victim.shop.db.database
      .withTables<{
        payments_refunds: { attempt_id: string; amount_minor: bigint; status: string };
      }>()
      .selectFrom('payments_refunds')
      .select(['amount_minor', 'status'])
      .where('attempt_id', '=', paymentId)
      .execute();
    return rows
      .filter(({ status }) => status !== 'failed')
      .reduce((sum, { amount_minor }) => sum + amount_minor, 0n);
  }
});
