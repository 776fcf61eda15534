/** Reports in the form that leaves the process: amounts as decimal text. */
import { formatNanos } from '../../../platform/money.ts';
import type { ImportReport, Tally } from './report.ts';

export function presentReport(report: ImportReport) {
  const { balanceMoved, usageDays, usageCalls, usageAmount, isTrial, isComplete, ...rest } = report;
  const { notes, accounts, balances, keys, channels, source } = rest;
  return {
    ...{ source, dry_run: isTrial, complete: isComplete },
    accounts,
    balances: { ...balances, amount: formatNanos(balanceMoved) },
    keys,
    usage: {
      days: usageDays,
      calls: usageCalls.toString(),
      amount: formatNanos(usageAmount),
    },
    channels,
    notes: notes.map(({ isLeft, ...note }) => ({ ...note, left: isLeft })),
  };
}

/** One sentence of figures. */
export function sayReport(report: ImportReport, currency: string): string {
  const { accounts, keys, channels, balanceMoved, usageDays, usageCalls } = report;
  const parts = [
    `${said(accounts, 'account')}${accounts.linked > 0 ? ` (${accounts.linked} of people who are here)` : ''}`,
    `${formatNanos(balanceMoved)} ${currency} of balances`,
    said(keys, 'key'),
    `${usageCalls} calls on ${usageDays} days`,
    said(channels, 'channel'),
  ];
  const what = parts.join(', ');
  if (report.isTrial) return `Applying it means: ${what}. Nothing was done; add --apply to do it.`;
  return report.isComplete
    ? `Moved in: ${what}.`
    : `Stopped; so far: ${what}. Run the same command again to go on.`;
}

function said({ moved, changed, left, unchanged }: Tally, noun: string): string {
  const more = [
    changed > 0 ? `${changed} changed` : '',
    unchanged > 0 ? `${unchanged} as before` : '',
    left > 0 ? `${left} left there` : '',
  ].filter(Boolean);
  const behind = more.length > 0 ? ` [${more.join(', ')}]` : '';
  return `${moved} new ${moved === 1 ? noun : `${noun}s`}${behind}`;
}
