import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { fakeClocks } from '../../../platform/testkit/clock.ts';
import { createPackage } from '../../catalog/index.ts';
import { recordManualPayment } from '../../invoicing/index.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { listOrganizationPackages, subscriptionsListeners } from '../index.ts';
import { lockOrganizationPackage } from '../store.ts';
import { lapsePackages } from './lapse-packages.ts';
import { purchasePackage } from './purchase-package.ts';
import { recognizeRevenue } from './recognize-revenue.ts';

describe('recognizeRevenue and lapsePackages', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox, { listeners: subscriptionsListeners });
  });
  afterEach(() => shop.close());

  /** Three days for 10.00, paid from the wallet. */
  const buy = async () => {
    const { context, organizationId } = shop;
    await recordManualPayment(context, {
      organizationId,
      amount: '10.00',
      currency: 'USD',
      invoiceId: undefined,
      note: 'Bank transfer',
    });
    const { id: packageId } = await createPackage(context, {
      name: 'Starter',
      price: '10.00',
      currency: 'USD',
      duration_days: 3,
      daily_limit: '5',
    });
    await purchasePackage(context, {
      organizationId,
      packageId,
      provider: 'wallet',
      returnUrl: undefined,
    });
  };
  const owned = async () =>
    (await listOrganizationPackages(shop.db.database, shop.organizationId))[0];
  const revenue = async () => (await readBooks(shop.db.database))['revenue USD'] ?? '0.00';
  const runsWaiting = async () => {
    const database = new URL(shop.db.url).pathname.slice(1);
    const rows = await shop.db.database
      .withTables<{ pg_stat_activity: { pid: number; datname: string; wait_event_type: string } }>()
      .selectFrom('pg_stat_activity')
      .select('pid')
      .where('datname', '=', database)
      .where('wait_event_type', '=', 'Lock')
      .execute();
    return rows.length;
  };

  it('earn a share with each whole day, all of them exactly the price, and end the package on time', async () => {
    await buy();
    const { context } = shop;
    const earned: string[] = [];
    const states: (string | undefined)[] = [];
    for (let step = 0; step < 7; step += 1) {
      await Promise.all([recognizeRevenue(context), recognizeRevenue(context)]);
      await lapsePackages(context);
      earned.push(await revenue());
      states.push((await owned())?.status);
      shop.platform.clocks.advanceBusiness('PT12H');
    }
    expect(earned).toEqual(['0.00', '0.00', '3.33', '3.33', '6.66', '6.66', '10.00']);
    expect(states).toEqual([...Array(6).fill('active'), 'lapsed']);
    expect(await readBooks(shop.db.database)).not.toHaveProperty('deferred USD');
  });

  it('never takes back what a later run has earned', async () => {
    await buy();
    const { context } = shop;
    shop.platform.clocks.advanceBusiness('P1D');
    const dayOne = fakeClocks(context.clocks.business());
    shop.platform.clocks.advanceBusiness('P1D');
    const id = (await owned())?.id ?? '';
    const runs: Promise<number>[] = [];
    // Both have found the package due before either may have it; the run of the second day comes first.
    await shop.db.database.transaction().execute(async (transaction) => {
      await lockOrganizationPackage(transaction, id);
      for (const clocks of [context.clocks, dayOne]) {
        runs.push(recognizeRevenue({ ...context, clocks }));
        await vi.waitUntil(async () => (await runsWaiting()) === runs.length);
      }
    });
    expect(await Promise.all(runs)).toEqual([1, 0]);
    expect(await revenue()).toBe('6.66');
    expect(await owned()).toMatchObject({ recognizedDays: 2, recognizedMinor: 666n });
  });
});
