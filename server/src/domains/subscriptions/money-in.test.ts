/** Everything that moves a customer's money in, at once and over two processes: nothing waits in a circle, nothing is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../platform/context.ts';
import { createPackage } from '../catalog/index.ts';
import { judgeOverdueInvoices, recordManualPayment } from '../invoicing/index.ts';
import { readBooks } from '../invoicing/testing/books.ts';
import { readUnapplied } from '../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../invoicing/testing/shop.ts';
import { openAttempt } from '../payments/index.ts';
import { settleAttempt } from '../payments/operations/settle-attempt.ts';
import { listOrganizationPackages, purchasePackage, subscriptionsListeners } from './index.ts';
import { lapsePackages } from './operations/lapse-packages.ts';
import { recognizeRevenue } from './operations/recognize-revenue.ts';

const rounds = 6;

describe('money in', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
    shop = await openShop(sandbox, { listeners: subscriptionsListeners });
  });
  afterAll(async () => {
    await shop.close();
    await sandbox.close();
  });

  it('keeps every cent when settlements, sweeps, purchases and recognition meet', async () => {
    const { context, organizationId, db } = shop;
    const other = shop.otherProcess();
    const contexts = [context, other.context];
    const sold = await createPackage(context, {
      name: 'Day pass',
      price: '3.00',
      currency: 'USD',
      duration_days: 2,
      daily_limit: '1',
    });
    const manual = () =>
      recordManualPayment(context, {
        organizationId,
        amount: '5.00',
        currency: 'USD',
        invoiceId: undefined,
        note: 'Cash',
      });
    const buy = (provider: string) =>
      purchasePackage(context, {
        organizationId,
        packageId: sold.id,
        provider,
        returnUrl: undefined,
      });
    let collected = 0n;
    for (let round = 0; round < rounds; round += 1) {
      await manual();
      const { invoice, payment } = await buy('credit');
      const second = await inTransaction(context, (transaction) =>
        openAttempt(context, transaction, {
          organizationId,
          invoiceId: invoice.id,
          amount: { minor: 300n, currency: 'USD' },
          provider: 'credit',
          title: 'Day pass',
          returnUrl: undefined,
          expiresAt: new Date(invoice.due_at),
        }),
      );
      // The first order is still payable, the others fell due meanwhile: each may be paid, parked or swept.
      if (round % 2 === 1) shop.platform.clocks.advanceBusiness('P3D');
      const settlements = await Promise.all(
        [payment.id, second].map(async (id) => {
          const number = await shop.numberOf(id);
          const money = {
            number,
            merchant: sandbox.credit.pid,
            providerTransaction: `t_${number}`,
            amount: { minor: 2160n, currency: 'LDC' },
            provider: 'credit',
            source: 'query' as const,
          };
          return () => Promise.all(contexts.map((each) => settleAttempt(each, money)));
        }),
      );
      await Promise.all([
        ...settlements.map((settle) => settle()),
        ...contexts.flatMap((each) => [
          judgeOverdueInvoices(each),
          recognizeRevenue(each),
          lapsePackages(each),
        ]),
        buy('wallet'),
        manual(),
      ]);
      collected += 2n * 2160n;
    }
    await other.close();

    const books = await readBooks(db.database);
    const cents = (account: string) => BigInt((books[account] ?? '0.00').replace('.', ''));
    const parked = await readUnapplied(db.database);
    expect(cents('clearing:credit LDC')).toBe(-collected);
    // Each round: 10.00 by hand and 6.00 through the gateway came in; 3.00 from the wallet became a package.
    expect(-cents('clearing:manual USD')).toBe(BigInt(rounds) * 1000n);
    expect(cents('wallet USD')).toBe(BigInt(rounds) * 700n);
    expect(cents('unapplied USD')).toBe(BigInt(parked.length) * 300n);
    const owned = await listOrganizationPackages(db.database, organizationId);
    const paid = owned.filter(({ status }) => status === 'active' || status === 'lapsed');
    expect(cents('deferred USD') + cents('revenue USD')).toBe(BigInt(paid.length) * 300n);
    expect(paid.length + parked.length).toBe(rounds * 3);
    expect(shop.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});
