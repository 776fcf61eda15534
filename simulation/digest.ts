/** All that came of a simulation in one short text, and in sums: ids and numbers are random, what they stand for is not. */
import { createHash } from 'node:crypto';
import { formatMinor, formatNanos } from '../server/src/platform/money.ts';
import {
  type BilledInvoice,
  readBalances,
  readChanges,
  readCreditNotes,
  readInvoices,
  readSubscriptions,
} from './invariants/read.ts';
import type { Story } from './story.ts';

export interface Digest {
  /** The same for the same seed and scale. */
  digest: string;
  totals: Record<string, string>;
}

export async function digestOf({ world, customers }: Story): Promise<Digest> {
  const { database } = world.deployment.platform;
  const indexOf = new Map(customers.map(({ organizationId, index }) => [organizationId, index]));
  const [invoices, notes, subscriptions, changes, balances] = [
    await readInvoices(database),
    await readCreditNotes(database),
    await readSubscriptions(database),
    await readChanges(database),
    await readBalances(database),
  ];
  const ownerOf = new Map(subscriptions.map((one) => [one.id, indexOf.get(one.organization_id)]));
  const facts = [
    ...invoices.map((invoice) => `${indexOf.get(invoice.organization_id)} ${factOf(invoice)}`),
    ...notes.map(
      (note) =>
        `${indexOf.get(note.organization_id)} note ${note.issued_at.toISOString()} ${note.total_minor}`,
    ),
    ...subscriptions.map(
      ({ organization_id, status, period_from, period_to }) =>
        `${indexOf.get(organization_id)} is ${status} ${period_from.toISOString()} ${period_to.toISOString()}`,
    ),
    ...changes.map(
      ({ subscription_id, kind, occurred_at }) =>
        `${ownerOf.get(subscription_id)} ${kind} ${occurred_at.toISOString()}`,
    ),
    ...[...balances].map(([key, amount]) => {
      const [organizationId = '', ...account] = key.split(' ');
      return `${indexOf.get(organizationId)} ${account.join(' ')} ${amount}`;
    }),
  ].sort();
  const digest = createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 16);
  return { digest, totals: totalsOf(invoices, balances) };
}

function factOf({ lines, status, kind, currency, issued_at, paid_at, ...figures }: BilledInvoice) {
  const { subtotal_minor, discount_minor, tax_minor, total_minor, credit_applied_minor } = figures;
  return [
    ...[kind, status, currency, issued_at.toISOString(), paid_at?.toISOString()],
    ...[subtotal_minor, discount_minor, tax_minor, total_minor, credit_applied_minor],
    ...lines.flatMap(({ text, exact, net_minor }) => [text.code, exact.amount, net_minor]),
  ].join(' ');
}

/** Invoices by state, and what stands on each account over all organizations. */
function totalsOf(
  invoices: readonly BilledInvoice[],
  balances: ReadonlyMap<string, bigint>,
): Record<string, string> {
  const minor = new Map<string, { count: number; minor: bigint; currency: string }>();
  for (const { kind, status, currency, total_minor } of invoices) {
    const name = `${kind} ${status} ${currency}`;
    const sum = minor.get(name) ?? { count: 0, minor: 0n, currency };
    minor.set(name, { currency, count: sum.count + 1, minor: sum.minor + total_minor });
  }
  const nanos = new Map<string, bigint>();
  for (const [key, amount] of balances) {
    const name = key.split(' ').slice(1).join(' ');
    nanos.set(name, (nanos.get(name) ?? 0n) + amount);
  }
  return Object.fromEntries([
    ...[...minor]
      .map(([name, { count, ...money }]) => [`invoices ${name}`, `${count}: ${formatMinor(money)}`])
      .sort(),
    ...[...nanos].map(([name, amount]) => [`account ${name}`, formatNanos(amount)]).sort(),
  ]);
}
