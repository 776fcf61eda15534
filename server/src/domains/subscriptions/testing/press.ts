/** Applications that sell use by plans, for tests: what is registered by a template, customers, and reports of use. */
import { expect } from 'vitest';
import type { Context } from '../../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { createMeterBook, createPriceBook, registerTemplate } from '../../catalog/index.ts';
import { entitlementsListeners } from '../../entitlements/index.ts';
import { invoicingListeners, recordManualPayment } from '../../invoicing/index.ts';
import { listInvoices } from '../../invoicing/operations/read-invoices.ts';
import { openOrganization } from '../../invoicing/testing/shop.ts';
import { ensureUsagePartitions, reportUsage } from '../../metering/index.ts';
import { subscriptionsListeners } from '../listeners.ts';

export interface Press {
  db: TestDatabase;
  platform: TestPlatform;
  context: Context;
  /** One more customer, with so much in the wallet, on the first of March. */
  newCustomer(wallet: string): Promise<string>;
  /** What the application reports, of its meter `sheets` unless told otherwise. */
  use(
    organizationId: string,
    quantity: string,
    time: string,
    meter?: string,
    whose?: { userId?: string; costCenterId?: string },
  ): Promise<void>;
  /** Of subscriptions, the newest first. */
  invoices(organizationId: string): Promise<SubscriptionInvoice[]>;
  close(): Promise<void>;
}

export type SubscriptionInvoice = Awaited<ReturnType<typeof listInvoices>>['data'][number];

const startsAt = '2026-03-01T00:00:00.000Z';

export async function openPress(template: string): Promise<Press> {
  const db = await createTestDatabase();
  const platform = testPlatform(db, {
    listeners: [...entitlementsListeners, ...invoicingListeners, ...subscriptionsListeners],
  });
  const context = testContext(platform);
  await ensureUsagePartitions(db.database, new Date('2026-01-01'), new Date('2027-06-01'));
  const { application } = await registerTemplate(context, { template, dryRun: false });
  const report = await reporter(platform, context, application.id ?? '');
  let customers = 0;
  return {
    ...{ db, platform, context },
    async newCustomer(amount) {
      customers += 1;
      const organizationId = `org_${customers}`;
      platform.clocks.set(startsAt);
      await openOrganization(context, organizationId);
      const byBank = { currency: 'USD', invoiceId: undefined, note: 'Bank' };
      await recordManualPayment(context, { organizationId, amount, ...byBank });
      return organizationId;
    },
    use: report,
    async invoices(organizationId) {
      const { data } = await listInvoices(context, { organizationId, limit: 100 });
      return data.filter(({ kind }) => kind === 'subscription');
    },
    close: () => db.close(),
  };
}

async function reporter(
  platform: TestPlatform,
  context: Context,
  applicationId: string,
): Promise<Press['use']> {
  const [meters, prices] = [await createMeterBook(platform), await createPriceBook(platform)];
  let events = 0;
  return async (organizationId, quantity, time, meter = 'sheets', of = {}) => {
    events += 1;
    const whose = { organizationId, userId: null, costCenterId: null, key: null, ...of };
    const subject = { organization: organizationId };
    const [answer] = await reportUsage(
      context,
      {
        ...{ meters, prices },
        findKey: async () => undefined,
        settleReported: async () => {
          throw new Error('nothing is called');
        },
        resolveSubject: async () => whose,
      },
      {
        reporter: { kind: 'application', applicationId },
        events: [{ id: `e${events}`, time, subject, meter, quantity }],
      },
    );
    expect(answer).toMatchObject({ status: 'accepted' });
  };
}
