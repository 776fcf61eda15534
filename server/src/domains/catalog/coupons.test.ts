import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { ratio } from '../../platform/ratio.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createCoupon, updateCoupon } from './operations/create-coupon.ts';
import { getCoupon, listCoupons, listRedemptions } from './operations/read-coupons.ts';
import { checkCoupon, redeemCoupon } from './operations/redeem-coupon.ts';

type Command = Parameters<typeof createCoupon>[1];

let db: TestDatabase;
let at: TestPlatform;
let made = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
});
afterAll(() => db.close());

const coupon = (fields: Partial<Command> = {}) => {
  made += 1;
  return createCoupon(testContext(at), { code: `CODE${made}`, duration: 'once', ...fields });
};
const ask = (code: string, organizationId = 'org_a') => ({
  ...{ code, organizationId, planSlug: 'pro', currency: 'USD' },
});
const check = (code: string, changes: Partial<ReturnType<typeof ask>> = {}) =>
  checkCoupon(db.database, { ...ask(code), now: at.clocks.business(), ...changes });
const redeem = (code: string, reference: string, organizationId = 'org_a') => {
  const context = testContext(at);
  return inTransaction(context, (transaction) =>
    redeemCoupon(context, transaction, { ...ask(code, organizationId), reference }),
  );
};

describe('a coupon', () => {
  test('takes off a percentage or an amount, once, for some invoices or for good', async () => {
    const half = await coupon({ percent: '12.5' });
    expect(await check(half.code)).toEqual({
      code: half.code,
      discount: { kind: 'percentage', share: ratio(1n, 8n) },
      invoices: 1,
    });
    const five = await coupon({
      amount: '5.00',
      currency: 'USD',
      duration: 'repeating',
      periods: 3,
    });
    expect(await check(five.code.toLowerCase())).toEqual({
      code: five.code,
      discount: { kind: 'amount', amount: ratio(500n) },
      invoices: 3,
    });
    const always = await coupon({ percent: '100', duration: 'forever' });
    expect(await check(always.code)).toMatchObject({ invoices: null });
  });

  test.each<[Partial<Command>, string]>([
    [{}, 'percent'],
    [{ percent: '10', amount: '1', currency: 'USD' }, 'amount'],
    [{ amount: '1' }, 'amount'],
    [{ amount: '1.005', currency: 'USD' }, 'amount'],
    [{ percent: '10', duration: 'repeating' }, 'periods'],
    [{ percent: '10', periods: 2 }, 'periods'],
  ])('is refused: %o', async (fields, param) => {
    await expect(coupon(fields)).rejects.toMatchObject({ param });
  });

  test('has a code of its own, and is found by it', async () => {
    const { id, code } = await coupon({ percent: '10' });
    await expect(
      createCoupon(testContext(at), { code, duration: 'once', percent: '5' }),
    ).rejects.toMatchObject({ code: 'already_exists' });
    expect(await getCoupon(testContext(at), code)).toMatchObject({ id, redemptions: 0 });
    const { data } = await listCoupons(testContext(at), { limit: 100, status: 'active' });
    expect(data.some((one) => one.id === id)).toBe(true);
  });

  test('says why it cannot be used', async () => {
    const why = (code: string, changes = {}) =>
      check(code, changes).catch(({ code: reason, message }) => `${reason}: ${message}`);
    expect(await why('NOTHING')).toMatch(/^coupon_invalid: There is no coupon/);
    const { code, id } = await coupon({
      ...{ amount: '5', currency: 'USD', plans: ['pro'] },
      expires_at: new Date(at.clocks.business().getTime() + 1000).toISOString(),
    });
    expect(await why(code, { planSlug: 'basic' })).toMatch(/is for pro only/);
    expect(await why(code, { currency: 'EUR' })).toMatch(/for prices in USD/);
    await updateCoupon(testContext(at), id, { status: 'archived' });
    expect(await why(code)).toMatch(/no longer given/);
    await updateCoupon(testContext(at), id, { status: 'active' });
    at.clocks.advance('PT1S');
    expect(await why(code)).toMatch(/has expired/);
  });

  test('is redeemed no more often than it may be, by any number at once', async () => {
    const { code, id } = await coupon({ percent: '10', redemptions_max: 3 });
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        redeem(code, `sub_${code}_${index}`, `org_${index}`),
      ),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await getCoupon(testContext(at), id)).toMatchObject({ redemptions: 3 });
    await expect(updateCoupon(testContext(at), id, { redemptions_max: 2 })).rejects.toMatchObject({
      code: 'rule_violated',
    });
  });

  test('case 19: that is for one is redeemed once, by fifty at once over two processes', async () => {
    const { code, id } = await coupon({ percent: '10', redemptions_max: 1 });
    const processes = [at, testPlatform(db)];
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => {
        const context = testContext(processes[index % 2] as TestPlatform);
        return inTransaction(context, (transaction) =>
          redeemCoupon(context, transaction, {
            ...ask(code, `org_${index}`),
            reference: `sub_${code}_${index}`,
          }),
        );
      }),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { data } = await listRedemptions(testContext(at), id, { limit: 10 });
    expect(data).toHaveLength(1);
  });

  test('case 19: is locked while it is redeemed, for whoever comes next', async () => {
    const { code } = await coupon({ percent: '10', redemptions_max: 2 });
    const first = Promise.withResolvers<void>();
    const context = testContext(at);
    let isSecondDone = false;
    const one = inTransaction(context, async (transaction) => {
      await redeemCoupon(context, transaction, { ...ask(code, 'org_1'), reference: 'sub_1' });
      await first.promise;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const two = redeem(code, 'sub_2', 'org_2').then(() => {
      isSecondDone = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isSecondDone).toBe(false);
    first.resolve();
    await Promise.all([one, two]);
    expect(isSecondDone).toBe(true);
  });

  test('is redeemed so often by one organization, and once for one thing', async () => {
    const { code, id } = await coupon({ percent: '10', redemptions_per_organization_max: 2 });
    await redeem(code, 'sub_x');
    await redeem(code, 'sub_x');
    expect(await getCoupon(testContext(at), id)).toMatchObject({ redemptions: 1 });
    await redeem(code, 'sub_y');
    await expect(redeem(code, 'sub_z')).rejects.toMatchObject({ code: 'coupon_invalid' });
    await redeem(code, 'sub_z', 'org_b');
    const failed = inTransaction(testContext(at), async (transaction) => {
      await redeemCoupon(testContext(at), transaction, {
        ...ask(code, 'org_c'),
        reference: 'sub_c',
      });
      throw new Error('killed');
    });
    await expect(failed).rejects.toThrow('killed');
    expect(await getCoupon(testContext(at), id)).toMatchObject({ redemptions: 3 });
  });
  test('says who redeemed it, the newest first', async () => {
    const { code, id } = await coupon({ percent: '10' });
    await redeem(code, 'sub_1');
    await redeem(code, 'sub_2', 'org_b');
    const first = await listRedemptions(testContext(at), code, { limit: 1 });
    expect(first.data).toMatchObject([{ organization: 'org_b', reference: 'sub_2' }]);
    const cursor = first.next_cursor ?? '';
    const second = await listRedemptions(testContext(at), id, { limit: 1, cursor });
    expect(second).toMatchObject({ data: [{ reference: 'sub_1' }], next_cursor: null });
  });
});
