/** What of a paid invoice is earned when: a share with each day of a line's period, the rest at once. */
import { daysBetween } from '../../../platform/time.ts';
import type { Invoice } from '../../invoicing/index.ts';
import type { Period } from './period.ts';

export interface EarnedLine {
  line: number;
  /** In minor units, without tax; all lines add up to what was sold. */
  amountMinor: bigint;
  /** Null: earned at once, or in advance of no end. */
  period: Period | null;
  isInAdvance: boolean;
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
    const isInAdvance = inAdvance.includes(kind);
    return [{ line, amountMinor, isInAdvance, period: isInAdvance ? period : null }];
  });
}

/** Whole days of a period, at least one; what is paid once is earned within its first year. */
export function daysOf(period: Period | null, timeZone: string): number {
  return period ? Math.max(daysBetween(period.from, period.to, timeZone), 1) : daysOfYear;
}

const daysOfYear = 365;
