import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { readInbox } from '../invoicing/testing/rows.ts';
import { saveInboxOutcome, storeNotification } from './inbox-store.ts';
import { paymentsJobs } from './jobs.ts';

describe('payments.remove_notifications', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  it('keeps what was understood for half a year, and what was refused for two weeks', async () => {
    const platform = testPlatform(db);
    const context = testContext(platform);
    const keep = async (id: string, outcome: 'settled' | 'refused') => {
      const stored = await storeNotification(db.database, {
        id,
        provider: 'credit',
        digest: id,
        method: 'GET',
        query: id,
        headers: {},
        body: Buffer.alloc(0),
        address: '198.51.100.7',
        receivedAt: context.clocks.wall(),
        nextTryAt: context.clocks.wall(),
      });
      const at = context.clocks.wall();
      await saveInboxOutcome(db.database, stored.id, {
        ...{ outcome, reason: null, nextTryAt: null, at },
      });
    };
    const remove = () =>
      paymentsJobs.find(({ name }) => name === 'payments.remove_notifications')?.run(context, null);
    const kept = async () => (await readInbox(db.database)).map(({ query }) => query);

    await keep('ntf_money', 'settled');
    await keep('ntf_noise', 'refused');
    platform.clocks.advance('P14D');
    await remove();
    expect(await kept()).toEqual(['ntf_money', 'ntf_noise']);
    platform.clocks.advance('PT1S');
    await remove();
    expect(await kept()).toEqual(['ntf_money']);
    platform.clocks.advance('P166D');
    await remove();
    expect(await kept()).toEqual([]);
  });
});
