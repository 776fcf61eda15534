/** Codes: who gets the credit when many ask at once, when a process dies, and when the batch ends at that moment. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { startOtherProcess } from '../../platform/testkit/other-process.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { verifyLedger } from '../access/index.ts';
import { createCoupon } from '../catalog/operations/create-coupon.ts';
import { setOrganizationStatus } from '../identity/index.ts';
import { openOrganization } from '../invoicing/testing/shop.ts';
import { readWallet, turnGrants } from '../ledger/index.ts';
import { createRedemptionCodes } from './operations/create-redemption-codes.ts';
import { readCodeBatches, readCodeRedemptions } from './operations/read-redemption-codes.ts';
import { redeemCode } from './operations/redeem-code.ts';
import { voidRedemptionCodes } from './operations/void-redemption-codes.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  context = testContext(platform);
});
afterAll(async () => {
  const { problems } = await verifyLedger(platform);
  await db.close();
  expect(problems).toEqual([]);
});

type Terms = Partial<Parameters<typeof createRedemptionCodes>[1]>;

let organizations = 0;
async function newOrganization(): Promise<string> {
  organizations += 1;
  const id = `org_codes${organizations}`;
  await openOrganization(context, id);
  return id;
}

const newBatch = (terms: Terms = {}) =>
  createRedemptionCodes(context, { name: 'Conference', count: 1, amount: '10', ...terms });

async function newCode(terms: Terms = {}): Promise<string> {
  const [code] = (await newBatch(terms)).codes;
  if (code === undefined) throw new Error('a batch has a code');
  return code;
}

const redeem = (organizationId: string, code: string, at = context) =>
  redeemCode(at, { organizationId, code });

/** Whole units of credit that are there. */
async function creditOf(organizationId: string): Promise<bigint> {
  const { grants } = await readWallet(db.database, organizationId);
  return grants.reduce((sum, { available }) => sum + available, 0n) / 1_000_000_000n;
}

const codesOf = (tried: PromiseSettledResult<unknown>[]) =>
  tried.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));

describe('createRedemptionCodes', () => {
  it('makes as many codes as asked, all different, and keeps none of them', async () => {
    const { id, codes, count } = await newBatch({ count: 1_000 });
    expect(count).toBe(1_000);
    expect(new Set(codes).size).toBe(1_000);
    expect(codes.every((code) => /^SLC(-[A-HJ-NP-Z2-9]{4}){5}$/.test(code))).toBe(true);
    const { rows } = await sql<{ kept: string }>`
      select c.hash || b.name as kept
      from growth_redemption_codes as c
      join growth_code_batches as b on b.id = c.batch_id
      where b.id = ${id}
      union all
      select coalesce(new_values::text, '') from audit_entries where resource_id = ${id}
    `.execute(db.database);
    expect(rows).toHaveLength(1_001);
    expect(rows.some(({ kept }) => kept.includes('SLC'))).toBe(false);
  });

  it.each<[Terms, string]>([
    [{ currency: 'CNY' }, 'currency_unsupported'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'rule_violated'],
    [{ amount: '99999999999999' }, 'amount_out_of_range'],
  ])('refuses %o', async (terms, code) => {
    await expect(newBatch(terms)).rejects.toMatchObject({ code });
  });
});

describe('redeemCode', () => {
  it('gives the credit once, however the code is typed', async () => {
    const organizationId = await newOrganization();
    const code = await newCode({ credit_expires_in_days: 30 });
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')}`;
    expect(await redeem(organizationId, typed)).toMatchObject({
      ...{ type: 'credit', amount: '10.00', currency: 'USD' },
      expires_at: new Date(platform.clocks.business().getTime() + 30 * 86_400_000).toISOString(),
    });
    expect(await creditOf(organizationId)).toBe(10n);
    await expect(redeem(organizationId, code)).rejects.toMatchObject({ code: 'code_invalid' });
    expect(await creditOf(organizationId)).toBe(10n);
  });

  it('gives one of fifty at once, over two processes, the credit', async () => {
    const code = await newCode();
    const both = [await newOrganization(), await newOrganization()] as const;
    const other = startOtherProcess(db, platform);
    const tried = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        redeem(both[index % 4 < 2 ? 0 : 1], code, index % 2 === 0 ? context : other.context),
      ),
    );
    await other.close();
    expect(codesOf(tried)).toEqual(Array(49).fill('code_invalid'));
    expect((await creditOf(both[0])) + (await creditOf(both[1]))).toBe(10n);
  });

  it('does all or nothing when the process dies, at whichever query', async () => {
    const organizationId = await newOrganization();
    let deaths = 0;
    for (let isDone = false; !isDone; ) {
      deaths += 1;
      expect(deaths).toBeLessThan(60);
      const before = await creditOf(organizationId);
      const code = await newCode();
      const dying = startOtherProcess(db, platform, { diesAtQuery: deaths });
      isDone = await redeem(organizationId, code, fresh(dying.context, deaths)).then(
        () => true,
        () => false,
      );
      await dying.close().catch(() => undefined);
      const given = (await creditOf(organizationId)) - before;
      // Cut at the commit itself, it may have happened: then the code is used, else it is worth its credit still.
      const again = await redeem(await newOrganization(), code).then(
        () => 'unused',
        () => 'used',
      );
      expect([given, again]).toEqual(given === 10n ? [10n, 'used'] : [0n, 'unused']);
    }
    expect(deaths).toBeGreaterThan(8);
  });

  it('counts the codes of a batch that an organization redeems, two at once included', async () => {
    const organizationId = await newOrganization();
    const { codes } = await newBatch({ count: 6, max_redemptions_per_organization: 2 });
    const tried = await Promise.allSettled(codes.map((code) => redeem(organizationId, code)));
    expect(codesOf(tried)).toEqual(Array(4).fill('code_limit_reached'));
    expect(await creditOf(organizationId)).toBe(20n);
  });

  it('answers unknown, used, void and expired codes in the same words', async () => {
    const organizationId = await newOrganization();
    const used = await newCode();
    await redeem(await newOrganization(), used);
    const voided = await newBatch();
    await voidRedemptionCodes(context, voided.id);
    const soon = new Date(platform.clocks.business().getTime() + 60_000).toISOString();
    const expired = await newCode({ expires_at: soon });
    platform.clocks.advance('PT1M');
    const tried = await Promise.allSettled(
      ['SLC-AAAA-BBBB-CCCC-DDDD-EEEE', '\u0000', used, ...voided.codes, expired].map((code) =>
        redeem(organizationId, code),
      ),
    );
    const refusals = tried.map((each) =>
      each.status === 'rejected' ? `${each.reason.code}: ${each.reason.message}` : 'redeemed',
    );
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toMatch(/^code_invalid/);
  });

  it('gives nothing to an organization that is suspended, and the code stays', async () => {
    const organizationId = await newOrganization();
    const code = await newCode();
    await setOrganizationStatus(context, { id: organizationId, status: 'suspended' });
    await expect(redeem(organizationId, code)).rejects.toMatchObject({
      code: 'organization_suspended',
    });
    await setOrganizationStatus(context, { id: organizationId, status: 'active' });
    expect(await redeem(organizationId, code)).toMatchObject({ type: 'credit' });
  });

  it('lets what is left of the credit expire', async () => {
    const organizationId = await newOrganization();
    await redeem(organizationId, await newCode({ credit_expires_in_days: 1 }));
    platform.clocks.advance('P2D');
    await turnGrants(context);
    expect(await creditOf(organizationId)).toBe(0n);
  });

  it('says what a coupon is for, and counts nothing', async () => {
    const organizationId = await newOrganization();
    const terms = { code: 'LAUNCH-20', percent: '20', duration: 'once' } as const;
    await createCoupon(context, { ...terms, redemptions_max: 1 });
    for (let time = 0; time < 2; time += 1) {
      expect(await redeem(organizationId, 'launch-20')).toMatchObject({ type: 'coupon', ...terms });
    }
    expect(await creditOf(organizationId)).toBe(0n);
  });

  it('is asked sixty times within an hour by one organization, whatever the codes', async () => {
    const organizationId = await newOrganization();
    const tried = await Promise.allSettled(
      Array.from({ length: 62 }, (_, index) => redeem(organizationId, `SLC-NONE-${index}`)),
    );
    const codes = codesOf(tried);
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(2);
    expect(codes.filter((code) => code === 'code_invalid')).toHaveLength(60);
  });
});

describe('voidRedemptionCodes', () => {
  it('leaves each code either redeemed or void when both happen at once', async () => {
    const { id, codes } = await newBatch({ count: 20, max_redemptions_per_organization: 20 });
    const organizationId = await newOrganization();
    const other = startOtherProcess(db, platform);
    const redeeming = Promise.allSettled(codes.map((code) => redeem(organizationId, code)));
    const voiding = voidRedemptionCodes(other.context, id);
    const [tried] = await Promise.all([redeeming, voiding]);
    await other.close();
    const [batch] = (await readCodeBatches(context, { limit: 1 })).data;
    const { data } = await readCodeRedemptions(context, id, { limit: 50 });
    const refused = codesOf(tried);
    expect(refused.every((code) => code === 'code_invalid')).toBe(true);
    expect(batch).toMatchObject({ id, unused: 0, void: refused.length, redeemed: data.length });
    expect(data.length + refused.length).toBe(20);
    expect(await creditOf(organizationId)).toBe(10n * BigInt(data.length));
  });

  it('refuses a batch that is not there', async () => {
    await expect(voidRedemptionCodes(context, 'rcb_none')).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

/** Each life of the process calls from an address of its own. */
function fresh(at: Context, number: number): Context {
  return { ...at, actor: { ...at.actor, ip: `198.51.100.${number}` } };
}
