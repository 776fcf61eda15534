/** Renewals that are charged to a stored method, with processes that die anywhere and answers that are lost. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { pollAttempts } from '../../payments/operations/poll-attempts.ts';
import { searchPayments } from '../../payments/operations/read-payments.ts';
import { type CardTill, openCardTill } from '../../payments/testing/card-till.ts';
import { openSubscribers, requests, type Subscribers, usd } from '../testing/subscribers.ts';
import { runBilling } from './run-billing.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const renewsAt = '2026-03-01T09:00:00.000Z';

describe('a renewal that is charged', () => {
  let sandbox: Sandbox;
  let world: Subscribers;
  let till: CardTill;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
    world = await openSubscribers([
      {
        ...{ name: 'Pro', slug: 'pro' },
        prices: [usd('month', '30.00')],
        quotas: [requests(100)],
      },
    ]);
    till = await openCardTill(world.context, sandbox);
  });
  afterAll(async () => {
    await world.close();
    await sandbox.close();
  });

  /** Subscribes somebody by card, and lets `bill` meet the renewal. */
  async function renewedBy(bill: () => Promise<unknown>) {
    await till.steer(undefined, { notify: 'none' });
    const customer = await world.newCustomer();
    const { organizationId } = customer;
    const { id: methodId } = await till.storeCard(world.context, organizationId);
    await customer.subscribe('pro', { provider: null, methodId });
    world.platform.clocks.set(renewsAt);
    await bill();
    await till.steer(undefined, { notify: 'none' });
    for (let round = 0; round < 3; round += 1) {
      world.platform.clocks.advance('PT1H');
      await pollAttempts(world.context);
      await runBilling(world.context);
    }
    const page = { organization: organizationId, limit: 50 };
    const { data: payments } = await searchPayments(world.context, page);
    const paidThere = await till.paidOrders();
    return {
      invoices: (await customer.invoices()).map(({ status }) => status),
      here: payments.filter(({ status }) => status === 'succeeded').length,
      there: payments.filter(({ number }) => paidThere.includes(number)).length,
      open: payments.filter(({ status }) => status === 'pending').length,
      books: (await readBooks(world.db.database, organizationId))['clearing:stripe USD'],
    };
  }
  const once = { invoices: ['paid', 'paid'], here: 2, there: 2, open: 0, books: '-60.00' };

  it(`is charged once wherever a process dies (seed ${seed})`, async () => {
    let cutShort = 0;
    const killed = fc.asyncProperty(
      fc.integer({ min: 1, max: 130 }),
      fc.constantFrom('normal', 'lost', 'down'),
      async (diesAtQuery, answers) => {
        const outcome = await renewedBy(async () => {
          await till.steer(undefined, { answers, notify: 'none' });
          const dying = world.otherProcess({ diesAtQuery });
          await runBilling(dying.context).catch(() => {
            cutShort += 1;
          });
          await dying.close().catch(() => undefined);
        });
        expect(outcome).toEqual(once);
      },
    );
    await fc.assert(killed, { numRuns: 14, seed });
    expect(cutShort).toBeGreaterThan(1);
  }, 120_000);

  it('is charged once by two processes at once, also where one of them dies', async () => {
    const both = fc.asyncProperty(fc.integer({ min: 20, max: 400 }), async (diesAtQuery) => {
      const outcome = await renewedBy(async () => {
        const other = world.otherProcess({ diesAtQuery });
        await Promise.allSettled([runBilling(world.context), runBilling(other.context)]);
        await other.close().catch(() => undefined);
      });
      expect(outcome).toEqual(once);
    });
    await fc.assert(both, { numRuns: 6, seed });
  }, 120_000);
});
