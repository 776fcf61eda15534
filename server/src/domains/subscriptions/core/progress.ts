/**
 * Progressive invoices: the use of a period that runs, invoiced as soon as it has reached a threshold. Only whole minor
 * units are: the fractions stay for the period's last invoice, so that all of them together come to what one would have.
 */
import { exponentOf, formatMinor } from '../../../platform/money.ts';
import { floor, multiply, one, ratio, subtract, zero } from '../../../platform/ratio.ts';
import { dayOf } from '../../../platform/time.ts';
import type { LineText, NewLine } from '../../invoicing/index.ts';
import type { Period } from './period.ts';
import { detailsOf, type UsedCharge } from './usage-lines.ts';

/** What the use of a running period was invoiced at. */
export interface Progress {
  /** To where it was invoiced. */
  period: Period;
  planId: string;
  version: number;
  currency: string;
  /** Of each charge in the version's order, in minor units. */
  amounts: readonly bigint[];
}

/**
 * What each charge has come to, in whole minor units, and never less than was invoiced: a volume's price may have fallen
 * since. What is missing to a minimum is left to the period's end.
 */
export function progressOf(
  used: readonly UsedCharge[],
  { invoiced, currency }: { invoiced: readonly bigint[]; currency: string },
): { amounts: bigint[]; unbilledMinor: bigint } {
  const perMajor = ratio(10n ** BigInt(exponentOf(currency)));
  const amounts = used.map(({ rated }, index) => {
    const missing = rated.steps.find(({ kind }) => kind === 'minimum')?.amount ?? zero;
    const soFar = floor(multiply(subtract(rated.amount, missing), perMajor));
    const before = invoiced[index] ?? 0n;
    return soFar > before ? soFar : before;
  });
  const unbilledMinor = amounts.reduce(
    (total, minor, index) => total + minor - (invoiced[index] ?? 0n),
    0n,
  );
  return { amounts, unbilledMinor };
}

interface Span {
  period: Period;
  timeZone: string;
  currency: string;
}

/** A line for each charge that has come to more than was invoiced. */
export function progressLines(
  used: readonly UsedCharge[],
  { amounts, invoiced }: { amounts: readonly bigint[]; invoiced: readonly bigint[] },
  span: Span,
): NewLine[] {
  return used.flatMap(({ name, rated }, index) => {
    const before = invoiced[index] ?? 0n;
    const minor = (amounts[index] ?? 0n) - before;
    if (minor === 0n) return [];
    const amount = formatMinor({ minor: before, currency: span.currency });
    const less: LineText[] = before === 0n ? [] : [{ code: 'invoiced_before', params: { amount } }];
    return [
      {
        ...lineOf('usage_so_far', { name, minor }, span),
        details: [...detailsOf(rated.steps), ...less],
      },
    ];
  });
}

/** Takes what was invoiced while the period ran off its last invoice. */
export function invoicedLines(
  names: readonly string[],
  { amounts, period, currency }: Progress,
  timeZone: string,
): NewLine[] {
  return amounts.flatMap((minor, index) =>
    minor === 0n
      ? []
      : [
          lineOf(
            'usage_invoiced',
            { name: names[index] ?? '', minor: -minor },
            { period, timeZone, currency },
          ),
        ],
  );
}

function lineOf(
  code: 'usage_so_far' | 'usage_invoiced',
  { name, minor }: { name: string; minor: bigint },
  { period, timeZone }: Span,
): NewLine {
  const params = { name, from: dayOf(period.from, timeZone), to: dayOf(period.to, timeZone) };
  const amount = ratio(minor);
  return {
    ...{ kind: 'usage', text: { code, params }, period, isTaxed: true, isDiscountable: true },
    ...{ quantity: one, unitAmount: amount, amount },
  };
}
