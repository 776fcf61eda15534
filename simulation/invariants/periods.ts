/** Each period of each subscription is invoiced once: no gap that no pause or end explains, and no overlap. */
import type { BilledInvoice } from './read.ts';
import type { SubscriptionRow } from './rows.ts';

export interface Change {
  subscription_id: string;
  kind: string;
  invoice_id: string | null;
  /** Where it came to less than nothing: then no invoice names the period that it began. */
  credit_note_id: string | null;
  occurred_at: Date;
}

interface Billed {
  from: number;
  to: number;
  number: string | null;
  invoiceId: string | null;
}

const served = new Set(['active', 'past_due', 'canceled']);
/** Another interval, and coming back after the end of what was paid, begin periods of their own. */
const beginsAnew = new Set(['change', 'resume', 'restore', 'begin']);

export function judgePeriods(
  subscriptions: readonly SubscriptionRow[],
  invoices: readonly BilledInvoice[],
  changes: readonly Change[],
): string[] {
  const ofSubscription = Map.groupBy(
    invoices.filter(({ kind, status }) => kind === 'subscription' && status !== 'void'),
    ({ reference }) => reference,
  );
  const changesOf = Map.groupBy(changes, ({ subscription_id }) => subscription_id);
  return subscriptions.flatMap((subscription) =>
    judgeSubscription(
      subscription,
      periodsOf(effective(subscription, ofSubscription.get(subscription.id) ?? [])),
      changesOf.get(subscription.id) ?? [],
    ),
  );
}

/** What waits for its payment changes nothing yet. */
function effective({ awaiting }: SubscriptionRow, invoices: BilledInvoice[]): BilledInvoice[] {
  return invoices.filter(({ id }) => id !== awaiting?.invoice);
}

/** Of the plan's own lines; trials cost nothing and need no invoice. */
function periodsOf(invoices: readonly BilledInvoice[]): Billed[] {
  return invoices
    .flatMap(({ id, number, lines }) =>
      lines
        .filter(({ kind, text }) => kind === 'subscription' && text.code !== 'trial')
        .map(({ period_from, period_to }) => ({
          from: period_from?.getTime() ?? Number.NaN,
          to: period_to?.getTime() ?? Number.NaN,
          number,
          invoiceId: id,
        })),
    )
    .sort((a, b) => a.from - b.from);
}

function judgeSubscription(
  subscription: SubscriptionRow,
  invoiced: readonly Billed[],
  changes: readonly Change[],
): string[] {
  const name = `subscription ${subscription.id} (${subscription.status})`;
  // It is made when its invoice is paid, and counts from when it was asked for.
  const begun = new Set(
    changes.filter(({ kind }) => beginsAnew.has(kind)).map(({ invoice_id }) => invoice_id),
  );
  const last = served.has(subscription.status) ? [periodOf(subscription)] : [];
  const findings = [...invoiced, ...last].slice(1).flatMap((next, index) => {
    const before = invoiced[index] as Billed;
    const isBilled =
      next.number === now
        ? next.from === before.from && next.to === before.to
        : next.from === before.to || begun.has(next.invoiceId);
    if (isBilled) return [];
    if (beganUnnamed(before, next, changes)) return [];
    const what = next.from < before.to ? 'twice' : 'not at all';
    const [from, to] = [iso(before.to), iso(next.from)];
    return [`${name} was billed ${what} between ${from} and ${to} (${next.number})`];
  });
  if (last.length === 0) return findings;
  const first = invoiced[0];
  const firstFrom = (subscription.trial_ends_at ?? subscription.started_at).getTime();
  if (!first) return [...findings, `${name} is served and was never billed`];
  if (first.from === firstFrom || begun.has(first.invoiceId)) return findings;
  return [...findings, `${name} began ${iso(firstFrom)} and was billed from ${iso(first.from)}`];
}

/** In place of a number. */
const now = 'the period that runs';

function periodOf({ period_from, period_to }: SubscriptionRow): Billed {
  return { from: period_from.getTime(), to: period_to.getTime(), number: now, invoiceId: null };
}

/**
 * A change to a cheaper cycle gives back more than it costs: the period that it began stands on no invoice, and lasts one
 * cycle until the next that does.
 */
function beganUnnamed(before: Billed, next: Billed, changes: readonly Change[]): boolean {
  return changes.some(({ credit_note_id, occurred_at }) => {
    const at = occurred_at.getTime();
    if (credit_note_id === null || at < before.from || at > before.to) return false;
    return at === next.from || isOneCycle(next.from - at);
  });
}

/** Of those on sale, with an hour to either side where clocks change. */
function isOneCycle(lengthMs: number): boolean {
  const days = Math.round(lengthMs / dayMs);
  const isWhole = Math.abs(lengthMs - days * dayMs) <= dayMs / 24;
  return isWhole && cycleDays.some(([from, to]) => from <= days && days <= to);
}

const dayMs = 86_400_000;
const cycleDays: readonly (readonly [number, number])[] = [
  [7, 7],
  [10, 10],
  [28, 31],
  [89, 92],
  [365, 366],
];

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
