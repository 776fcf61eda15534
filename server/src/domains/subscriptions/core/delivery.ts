/** What of a paid invoice is earned when: a share with each day of a line's period, the rest at once. */
import { daysBetween } from '../../../platform/time.ts';
import type { Invoice } from '../../invoicing/index.ts';
import type { Period } from './period.ts';

export interface EarnedLine {
  line: number;
  /** In minor units, without tax; all lines add up to what was sold. */
  amountMinor: bigint;
  /** Null: earned at once. */
  period: Period | null;
}

type PaidInvoice = Pick<
  Invoice,
  'lines' | 'total' | 'taxMinor' | 'creditedMinor' | 'creditedTaxMinor'
>;

/** Kinds that are paid before they are delivered. */
const inAdvance = ['subscription', 'proration'];

/** Shares what a paid invoice has put into `deferred` over its lines; what is left over goes to the last. */
export function earnedLines(invoice: PaidInvoice): EarnedLine[] {
  const sold =
    invoice.total.minor - invoice.creditedMinor - (invoice.taxMinor - invoice.creditedTaxMinor);
  const net = invoice.lines.reduce((total, { netMinor }) => total + netMinor, 0n);
  if (net === 0n || sold === 0n) return [];
  let left = sold;
  const last = invoice.lines.length - 1;
  return invoice.lines.flatMap(({ kind, netMinor, period }, line): EarnedLine[] => {
    const amountMinor = line === last ? left : (sold * netMinor) / net;
    left -= amountMinor;
    if (amountMinor === 0n) return [];
    return [{ line, amountMinor, period: inAdvance.includes(kind) ? period : null }];
  });
}

/** Whole days of a period, at least one; a subscription for good is earned within its first year. */
export function daysOf({ from, to }: Period, timeZone: string): number {
  const longest = 366;
  return Math.min(Math.max(daysBetween(from, to, timeZone), 1), longest);
}
