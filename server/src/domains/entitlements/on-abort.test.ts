import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createPlan } from '../catalog/index.ts';
import { organizationCreated } from '../identity/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { changeSettings } from '../settings/index.ts';
import { createTermsBook, entitlementsListeners, givePlan, type TermsBook } from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let terms: TermsBook;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
  terms = createTermsBook(platform);
  await platform.notifications.start(db.url);
});
afterAll(async () => {
  await platform.notifications.close();
  await db.close();
});

async function organization(): Promise<string> {
  const context = testContext(platform);
  const organizationId = newId('org', platform.clocks.business());
  await inTransaction(context, (transaction) =>
    platform.events.announce(context, transaction, organizationCreated, {
      organizationId,
      timeZone: 'UTC',
    }),
  );
  return organizationId;
}

const onAbortOf = async (id: string) => (await terms.termsOf(id)).onAbort;

test('a plan says what a call costs whose caller left, until it ends', async () => {
  const id = await organization();
  const context = testContext(platform);
  const plan = await createPlan(context, { slug: 'resale', name: 'Resale', on_abort: 'drained' });
  const startsAt = platform.clocks.business();
  const endsAt = new Date('2026-04-04T10:00:00Z');
  await inTransaction(context, (transaction) =>
    givePlan(context, transaction, { organizationId: id, planId: plan.slug, startsAt, endsAt }),
  );
  expect(await onAbortOf(id)).toBe('drained');
  platform.clocks.advance('P40D');
  expect(await onAbortOf(id)).toBe('delivered');
});

test('the settings say it for who has no plan, and are heard at once', async () => {
  const id = await organization();
  expect(await onAbortOf(id)).toBe('delivered');
  await changeSettings(testContext(platform), { on_abort: 'drained' });
  await expect.poll(() => onAbortOf(id)).toBe('drained');
});
