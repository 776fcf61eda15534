/** Figures of metrics as whole numbers of their smallest unit, and as decimals on the wire. Pure. */
import { type AlertMetric, type AlertUnit, alertMetrics } from '@sluice/contract/alert-rules';
import { formatNanos } from '../../../platform/money.ts';

/** Hundredths of a percent, milliseconds, one, nano-units. */
const decimalsOf: Record<AlertUnit, number> = {
  percent: 2,
  milliseconds: 0,
  count: 0,
  amount: 9,
};

export function unitOf(metric: AlertMetric): AlertUnit {
  return alertMetrics[metric].unit;
}

/** The decimal, as short as it can be; an amount has the two decimals of money. */
export function writeFigure(metric: AlertMetric, figure: bigint): string {
  const unit = unitOf(metric);
  if (unit === 'amount') return formatNanos(figure);
  return formatNanos(figure * 10n ** BigInt(9 - decimalsOf[unit]), 0);
}

/** Undefined for a decimal that is finer than the metric is, or larger than any. */
export function readFigure(metric: AlertMetric, text: string): bigint | undefined {
  const decimals = decimalsOf[unitOf(metric)];
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '0', fraction = ''] = match;
  const short = fraction.replace(/0+$/, '');
  if (short.length > decimals) return undefined;
  return BigInt(whole + short.padEnd(decimals, '0'));
}
