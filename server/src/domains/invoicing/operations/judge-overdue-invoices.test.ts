import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../platform/context.ts';
import { reaction } from '../../../platform/events.ts';
import { ratio } from '../../../platform/ratio.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { purchaseLine } from '../core/compose.ts';
import type { InvoiceKind } from '../core/invoice.ts';
import { invoiceOverdue, invoiceVoided } from '../events.ts';
import { invoicingListeners } from '../listeners.ts';
import { findInvoice } from '../store.ts';
import { serviceLine } from '../testing/desk.ts';
import { openOrganization } from '../testing/shop.ts';
import { changeBillingDetails } from './billing-details.ts';
import { issueInvoice } from './issue-invoice.ts';
import { judgeOverdueInvoices } from './judge-overdue-invoices.ts';
import { recordManualPayment } from './record-manual-payment.ts';

describe('judgeOverdueInvoices', () => {
  let db: TestDatabase;
  let at: TestPlatform;
  let context: ReturnType<typeof testContext>;
  let heard: string[] = [];
  const organizationId = 'org_late';
  beforeAll(async () => {
    db = await createTestDatabase();
    at = testPlatform(db, {
      listeners: [
        ...invoicingListeners,
        reaction(invoiceOverdue, async (_context, _transaction, { invoiceId }) => {
          heard.push(`overdue ${invoiceId}`);
        }),
        reaction(invoiceVoided, async (_context, _transaction, { invoiceId }) => {
          heard.push(`void ${invoiceId}`);
        }),
      ],
    });
    context = testContext(at);
    await openOrganization(context, organizationId);
    await changeBillingDetails(context, organizationId, { paymentTermsDays: 14 });
  });
  beforeEach(() => {
    heard = [];
  });
  afterAll(() => db.close());

  const issue = async (kind: InvoiceKind) => {
    const { id } = await inTransaction(context, (transaction) =>
      issueInvoice(context, transaction, {
        ...{ organizationId, kind, currency: 'USD' },
        lines:
          kind === 'package'
            ? [
                purchaseLine({
                  kind: 'package',
                  text: { code: 'package', params: { name: 'Starter', days: '30' } },
                  ...{ minor: 1_000n, isTaxed: true },
                }),
              ]
            : [serviceLine(ratio(1_000n))],
      }),
    );
    return id;
  };

  it('says of what stays owed that its term is over: at the instant, once', async () => {
    const id = await issue('subscription');
    at.clocks.advance('P13DT23H59M59S');
    expect(await judgeOverdueInvoices(context)).toBe(0);
    at.clocks.advance('PT1S');
    expect(await judgeOverdueInvoices(context)).toBe(1);
    at.clocks.advance('P1D');
    expect(await judgeOverdueInvoices(context)).toBe(0);
    expect(heard).toEqual([`overdue ${id}`]);
    expect(await findInvoice(context.database, id)).toMatchObject({ status: 'open' });
    await recordManualPayment(context, {
      ...{ organizationId, invoiceId: id, amount: '10.00', currency: 'USD', note: 'Late' },
    });
    expect(await findInvoice(context.database, id)).toMatchObject({ status: 'paid' });
  });

  it('calls a purchase off that nobody paid, and says nothing of what was paid in time', async () => {
    const lapsed = await issue('package');
    const paid = await issue('package');
    await recordManualPayment(context, {
      ...{ organizationId, invoiceId: paid, amount: '10.00', currency: 'USD', note: 'In time' },
    });
    at.clocks.advance('P3D');
    expect(await judgeOverdueInvoices(context)).toBe(1);
    expect(heard).toEqual([`void ${lapsed}`]);
  });

  it('says it once, when several processes look at once', async () => {
    const ids = [await issue('manual'), await issue('subscription')];
    at.clocks.advance('P14D');
    const judged = await Promise.all([1, 2, 3].map(() => judgeOverdueInvoices(context)));
    expect(judged.reduce((total, each) => total + each)).toBe(2);
    expect(heard.sort()).toEqual(ids.map((id) => `overdue ${id}`).sort());
  });
});
