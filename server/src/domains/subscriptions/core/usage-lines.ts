/** What a period's use costs, as lines of the invoice that follows the period. */

import { exponentOf } from '../../../platform/money.ts';
import {
  formatRatio,
  isZero,
  multiply,
  one,
  type Ratio,
  ratio,
  subtract,
} from '../../../platform/ratio.ts';
import { dayOf } from '../../../platform/time.ts';
import type { Charge, Rated, Step } from '../../catalog/index.ts';
import type { LineText, NewLine } from '../../invoicing/index.ts';
import type { Period } from './period.ts';

export interface UsedCharge {
  /** As the customer reads it. */
  name: string;
  meterId: string;
  charge: Charge;
  /** The charge, rated over the use of the whole period. */
  rated: Rated;
}

/** A line for each charge that costs anything, and one for what is missing to its minimum. */
export function usageLines(
  charges: readonly UsedCharge[],
  ended: { period: Period; timeZone: string; currency: string },
): NewLine[] {
  return charges.flatMap((used) => linesOf(used, ended));
}

/** What was reported after its period was billed, as the difference that it makes; a volume's price may make it negative. */
export function lateUsageLines(
  late: readonly { name: string; meterId: string; amount: Ratio }[],
  { period, timeZone, currency }: { period: Period; timeZone: string; currency: string },
): NewLine[] {
  const days = { from: dayOf(period.from, timeZone), to: dayOf(period.to, timeZone) };
  const perMajor = ratio(10n ** BigInt(exponentOf(currency)));
  return late.flatMap(({ name, meterId: meter, amount: major }): NewLine[] => {
    if (isZero(major)) return [];
    const amount = multiply(major, perMajor);
    return [
      {
        ...{ kind: 'usage', text: { code: 'late_usage', params: { name, ...days, meter } } },
        period,
        ...{ quantity: one, unitAmount: amount, amount, isTaxed: true, isDiscountable: true },
      },
    ];
  });
}

function linesOf(
  { name, meterId: meter, charge, rated }: UsedCharge,
  { period, timeZone, currency }: { period: Period; timeZone: string; currency: string },
): NewLine[] {
  const { amount, steps } = rated;
  const missing = steps.find(({ kind }) => kind === 'minimum')?.amount ?? ratio(0n);
  const days = { from: dayOf(period.from, timeZone), to: dayOf(period.to, timeZone) };
  const inMinor = (major: Ratio) => multiply(major, ratio(10n ** BigInt(exponentOf(currency))));
  const line = (kind: NewLine['kind'], text: LineText, major: Ratio): NewLine[] =>
    isZero(major)
      ? []
      : [
          {
            ...{ kind, text, period, isTaxed: true, isDiscountable: true },
            ...{ quantity: one, unitAmount: inMinor(major), amount: inMinor(major) },
          },
        ];
  const minimum = formatRatio(charge.minimumSpend ?? ratio(0n), decimalsMax);
  return [
    ...line(
      'usage',
      { code: 'usage', params: { name, ...days, meter } },
      subtract(amount, missing),
    ).map((of) => ({ ...of, details: detailsOf(steps) })),
    ...line('minimum_spend', { code: 'minimum_spend', params: { name, minimum, meter } }, missing),
  ];
}

const decimalsMax = 12;
const countedKinds: readonly Step['kind'][] = ['units', 'tier', 'package', 'tokens'];

/** So many units at so much each. */
export function detailsOf(steps: readonly Step[]): LineText[] {
  return steps
    .filter(({ kind, quantity }) => countedKinds.includes(kind) && !isZero(quantity))
    .map(({ quantity, unitAmount }) => ({
      code: 'tier',
      params: {
        quantity: formatRatio(quantity, decimalsMax),
        unit: formatRatio(unitAmount, decimalsMax),
      },
    }));
}
