import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSubscribers, type Subscribers, usd } from '../testing/subscribers.ts';

const seed = 20_261_121;
const monthlyPrices = { low: 999, middle: 3_333, high: 7_001 } as const;
type Slug = keyof typeof monthlyPrices;

let world: Subscribers;

beforeAll(async () => {
  world = await openSubscribers(
    Object.entries(monthlyPrices).map(([slug, cents]) => ({
      ...{ slug, name: slug, prices: [usd('month', (cents / 100).toFixed(2))] },
    })),
  );
});
afterAll(() => world.close());

const slug = fc.constantFrom<Slug>('low', 'middle', 'high');
const instant = fc.integer({ min: 1, max: 28 * 86_400_000 - 1 });

describe('a period that is split by changes of plan', () => {
  it('costs each price for its time, but for half a cent that each document may be rounded by', async () => {
    const splits = fc.array(fc.tuple(instant, slug), { minLength: 1, maxLength: 6 });
    const periods = fc.asyncProperty(slug, splits, async (first, changes) => {
      const customer = await world.newCustomer();
      await customer.topUp('5000');
      const { clocks } = world.platform;
      const from = +clocks.business();
      const { id } = (await customer.subscribe(first)).subscription;
      let plan = first;
      let since = 0;
      // In cents times milliseconds, so that nothing is rounded here.
      let expected = 0n;
      for (const [offset, next] of [...changes].sort(([a], [b]) => a - b)) {
        if (next === plan) continue;
        clocks.set(new Date(from + offset));
        await customer.change(id, { plan: next, when: 'now' });
        expected += BigInt(monthlyPrices[plan]) * BigInt(offset - since);
        plan = next;
        since = offset;
      }
      const length = 28n * 86_400_000n;
      expected += BigInt(monthlyPrices[plan]) * (length - BigInt(since));
      const { charged, documents } = await chargedTo(customer.organizationId);
      const off = 2n * (charged * length - expected);
      expect(off < 0n ? -off : off).toBeLessThanOrEqual(documents * length);
    });
    await fc.assert(periods, { numRuns: 12, seed });
  }, 60_000);
});

/** By all invoices, less all credit notes. */
async function chargedTo(organizationId: string): Promise<{ charged: bigint; documents: bigint }> {
  const { rows } = await sql<{ charged: bigint; documents: bigint }>`
    select coalesce(sum(minor), 0)::bigint as charged, count(*) as documents
    from (
      select total_minor as minor
      from invoicing_invoices
      where organization_id = ${organizationId} and kind = 'subscription'
      union all
      select -total_minor
      from invoicing_credit_notes
      where organization_id = ${organizationId}
    ) as documents
  `.execute(world.db.database);
  return rows[0] ?? { charged: 0n, documents: 0n };
}
