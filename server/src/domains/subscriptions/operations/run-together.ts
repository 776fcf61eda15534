import { type Context, inBulk } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { lockInvoices, payFromWalletWithin } from '../../invoicing/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import type { Subscription } from '../core/record.ts';
import { findSubscriptions, lockSubscription } from '../subscriptions-store.ts';
import { keepSubscription } from './hold-subscription.ts';
import { type Done, doWithin } from './run-subscription.ts';

/** What a batch did, and what is left for each alone. */
export interface DoneTogether {
  done: Done;
  left: string[];
}

/**
 * Does for many subscriptions what is due and common: renewals and notices in one transaction, what the wallet pays in
 * another. Each is all or nothing: where it fails, everyone in it is left to be done alone.
 */
export async function runTogether(context: Context, ids: readonly string[]): Promise<DoneTogether> {
  const done: Done = { renewed: 0, expired: 0, dunned: 0 };
  const isDone = new Set<string>();
  const due = await findSubscriptions(context.database, ids);
  await attempt(context, async () => {
    const did = await renewTogether(
      context,
      due.filter(({ collectingInvoiceId }) => collectingInvoiceId === null),
    );
    for (const { id, outcome } of did) {
      if (outcome === 'left') continue;
      isDone.add(id);
      if (outcome !== 'noticed') done[outcome] += 1;
    }
  });
  await attempt(context, async () => {
    const collecting = (await findSubscriptions(context.database, ids)).filter(isPaidFromWallet);
    const paid = await collectTogether(context, collecting);
    // Whoever is renewed and not paid is not done.
    for (const { id } of collecting) isDone.delete(id);
    for (const id of paid) isDone.add(id);
  });
  return { done, left: ids.filter((id) => !isDone.has(id)) };
}

async function attempt(context: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    context.log.warn({ err: error }, 'a batch of billing failed; each is billed alone');
  }
}

function isPaidFromWallet({ provider, collectingInvoiceId, awaiting }: Subscription): boolean {
  return (
    provider === 'wallet' &&
    collectingInvoiceId !== null &&
    awaiting?.invoiceId !== collectingInvoiceId
  );
}

async function renewTogether(context: Context, due: readonly Subscription[]) {
  if (due.length === 0) return [];
  const held = new Map<string, Subscription>();
  return inBulk(context, due, {
    async first(transaction) {
      await holdAll(transaction, due, held);
    },
    async each(transaction, { id }) {
      const subscription = held.get(id);
      const outcome = subscription && (await doWithin(context, transaction, subscription));
      return { id, outcome: outcome ?? ('left' as const) };
    },
  });
}

/** Answers whose invoices were paid; one that the wallet does not cover is left as it is. */
async function collectTogether(
  context: Context,
  collecting: readonly Subscription[],
): Promise<string[]> {
  if (collecting.length === 0) return [];
  const held = new Map<string, Subscription>();
  const paid = await inBulk(context, collecting, {
    async first(transaction) {
      await lockInvoices(
        transaction,
        collecting.map(({ collectingInvoiceId }) => collectingInvoiceId ?? ''),
      );
      await holdAll(transaction, collecting, held);
    },
    async each(transaction, { id, collectingInvoiceId }) {
      const subscription = held.get(id);
      if (!subscription || subscription.collectingInvoiceId !== collectingInvoiceId) return [];
      const invoiceId = collectingInvoiceId ?? '';
      const isPaid = await payFromWalletWithin(context, transaction, {
        invoiceId,
        // Before the payment is told of: what hears of it reads the subscription anew.
        beforePaying: () =>
          keepSubscription(context, transaction, { ...subscription, collectingInvoiceId: null }),
      });
      return isPaid ? [id] : [];
    },
  });
  return paid.flat();
}

/** Locks are taken in the order of ids, and kept until the end. */
async function holdAll(
  transaction: Transaction,
  subscriptions: readonly Subscription[],
  held: Map<string, Subscription>,
): Promise<void> {
  await Promise.all(
    subscriptions.map(({ organizationId }) => lockFunds(transaction, organizationId)),
  );
  const locked = subscriptions.map(({ id }) => lockSubscription(transaction, id));
  for (const one of await Promise.all(locked)) if (one) held.set(one.id, one);
}
