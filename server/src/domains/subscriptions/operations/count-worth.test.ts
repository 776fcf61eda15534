import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findUnprovenMrr, listMrrMovements } from '../mrr-store.ts';
import { openSubscribers, type Subscribers, usd } from '../testing/subscribers.ts';
import { countWorth } from './count-worth.ts';

let world: Subscribers;
beforeAll(async () => {
  world = await openSubscribers([{ slug: 'small', name: 'Small', prices: [usd('month', '28')] }]);
});
afterAll(() => world.close());

const span = { from: new Date('2026-01-01'), to: new Date('2027-01-01'), limit: 10 };

describe('countWorth', () => {
  it('counts subscriptions that are older than the count, from their beginning on', async () => {
    const { context, db } = world;
    const customer = await world.newCustomer();
    await customer.topUp('28');
    await customer.subscribe('small');
    await world.pass('P3D');
    const kept = await listMrrMovements(db.database, span);
    expect(kept).toMatchObject([{ kind: 'new', before_minor: 0n, after_minor: 2800n }]);
    // As the version before left them.
    await sql`truncate subscriptions_mrr_movements`.execute(db.database);
    await sql`update subscriptions_subscriptions set mrr_minor = 0, mrr_currency = null`.execute(
      db.database,
    );
    expect(await countWorth(context)).toBe(1);
    expect(await listMrrMovements(db.database, span)).toEqual(kept);
    expect(await countWorth(context)).toBe(0);
    expect(await findUnprovenMrr(db.database)).toEqual([]);
  });

  it('finds whoever’s movements do not come to what they pay', async () => {
    const { db } = world;
    await sql`delete from subscriptions_mrr_movements`.execute(db.database);
    expect(await findUnprovenMrr(db.database)).toHaveLength(1);
  });
});
