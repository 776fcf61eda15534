/** Customers who subscribe, for tests: a database with plans, wallets, and time that passes as jobs find it. */
import type { Context } from '../../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import { type OtherProcess, startOtherProcess } from '../../../platform/testkit/other-process.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { createPlan } from '../../catalog/index.ts';
import { entitlementsListeners, listQuotas } from '../../entitlements/index.ts';
import {
  invoicingListeners,
  judgeOverdueInvoices,
  recordManualPayment,
} from '../../invoicing/index.ts';
import { listInvoices } from '../../invoicing/operations/read-invoices.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openOrganization } from '../../invoicing/testing/shop.ts';
import { ensureUsagePartitions } from '../../metering/index.ts';
import type { Subscription } from '../core/record.ts';
import { subscriptionsListeners } from '../listeners.ts';
import { changeSubscription } from '../operations/change-subscription.ts';
import { runBilling } from '../operations/run-billing.ts';
import { type SubscribeCommand, subscribe } from '../operations/subscribe.ts';
import { findSubscription } from '../subscriptions-store.ts';

export interface Subscribers {
  db: TestDatabase;
  platform: TestPlatform;
  context: Context;
  /** One more customer, at the instant where all of them begin. */
  newCustomer(): Promise<Customer>;
  /** Time passes by six hours at a time, and whatever falls due is run. */
  pass(duration: string): Promise<void>;
  /** A context of another process on the same database; one that is killed has its connections cut at that query. */
  otherProcess(fate?: { diesAtQuery: number }): OtherProcess;
  close(): Promise<void>;
}

export interface Customer {
  organizationId: string;
  topUp(amount: string): Promise<unknown>;
  /** Money for an invoice of theirs, by the bank. */
  pay(invoice: { id: string; due: string }): Promise<unknown>;
  subscribe(plan: string, changes?: Partial<SubscribeCommand>): ReturnType<typeof subscribe>;
  change(
    id: string,
    changes: Partial<Parameters<typeof changeSubscription>[1]>,
  ): ReturnType<typeof changeSubscription>;
  /** Of subscriptions, the newest first. */
  invoices(): Promise<Awaited<ReturnType<typeof listInvoices>>['data']>;
  /** By credit notes, in USD. */
  credit(): Promise<string | undefined>;
  /** What may be used by the month; undefined without a plan. */
  limit(): Promise<bigint | null | undefined>;
}

const startsAt = '2026-01-31T08:00:00.000Z';
const stepMs = 6 * 3_600_000;

export async function openSubscribers(
  plans: readonly Parameters<typeof createPlan>[1][],
): Promise<Subscribers> {
  const db = await createTestDatabase();
  const platform = testPlatform(db, {
    listeners: [...entitlementsListeners, ...invoicingListeners, ...subscriptionsListeners],
  });
  const context = testContext(platform);
  const { clocks } = platform;
  clocks.set(startsAt);
  await ensureUsagePartitions(db.database, new Date('2025-12-01'), new Date('2027-06-01'));
  for (const plan of plans) await createPlan(context, plan);
  let customers = 0;
  return {
    ...{ db, platform, context },
    async newCustomer() {
      customers += 1;
      clocks.set(startsAt);
      const organizationId = `org_subscriber${customers}`;
      await openOrganization(context, organizationId);
      return customerOf(context, organizationId);
    },
    async pass(duration) {
      const before = clocks.business();
      clocks.advance(duration);
      const after = clocks.business();
      for (let at = +before + stepMs; at < +after + stepMs; at += stepMs) {
        clocks.set(new Date(Math.min(at, +after)));
        await judgeOverdueInvoices(context);
        await runBilling(context);
      }
    },
    otherProcess: (fate) => startOtherProcess(db, platform, fate),
    close: () => db.close(),
  };
}

export async function subscriptionOf({ database }: Context, id: string): Promise<Subscription> {
  const found = await findSubscription(database, id);
  if (!found) throw new Error(`subscription ${id} was stored`);
  return found;
}

function customerOf(context: Context, organizationId: string): Customer {
  const bank = { organizationId, currency: 'USD', note: 'Bank transfer' };
  return {
    organizationId,
    topUp: (amount) => recordManualPayment(context, { ...bank, amount, invoiceId: undefined }),
    pay: ({ id, due }) => recordManualPayment(context, { ...bank, amount: due, invoiceId: id }),
    subscribe: (plan, changes = {}) =>
      subscribe(context, {
        ...{ organizationId, plan, cycle: 'month', provider: 'wallet' },
        ...changes,
      }),
    change: (id, changes) =>
      changeSubscription(context, { id, organizationId, action: 'change', ...changes }),
    async invoices() {
      const { data } = await listInvoices(context, { organizationId, limit: 200 });
      return data.filter(({ kind }) => kind === 'subscription');
    },
    async credit() {
      const books = await readBooks(context.database, organizationId);
      return books['customer_credit USD'];
    },
    async limit() {
      const quotas = await listQuotas(context.database, {
        ...{ organizationId, after: undefined, limit: 10, at: context.clocks.business() },
      });
      return quotas.find(({ inForce }) => inForce)?.limit;
    },
  };
}

/** A price by the month or year, in USD. */
export function usd(interval: 'month' | 'year', amount: string) {
  return { currency: 'USD', interval, amount };
}

/** Requests within a month of the subscription. */
export function requests(limit: number) {
  return {
    ...{ meter: 'requests', window: 'month' as const, anchor: 'subscription' as const },
    limit: String(limit),
  };
}
