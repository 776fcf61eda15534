/** The lines of a subscription's invoices, as codes with parameters. */
import { formatMinor } from '../../../platform/money.ts';
import {
  isZero,
  multiply,
  negate,
  one,
  type Ratio,
  ratio,
  roundHalfUp,
  zero,
} from '../../../platform/ratio.ts';
import { dayOf } from '../../../platform/time.ts';
import type { NewLine } from '../../invoicing/index.ts';
import type { Period } from './period.ts';
import type { SubscriptionTerms } from './subscription.ts';

interface Span {
  period: Period;
  timeZone: string;
}

export function periodLine(terms: SubscriptionTerms, { period, timeZone }: Span): NewLine {
  const { price, quantity } = terms;
  return {
    kind: 'subscription',
    text: {
      code: quantity === 1 ? 'plan' : 'plan_quantity',
      params: { ...paramsOf(terms, { period, timeZone }), quantity: String(quantity) },
    },
    quantity: ratio(BigInt(quantity)),
    unitAmount: price,
    amount: multiply(price, ratio(BigInt(quantity))),
    isTaxed: true,
    isDiscountable: true,
    period,
  };
}

export function trialLine(terms: SubscriptionTerms, { period, timeZone }: Span): NewLine {
  const text = { code: 'trial' as const, params: paramsOf(terms, { period, timeZone }) };
  return { ...single({ text, amount: zero, period }), kind: 'subscription' };
}

export function setupLine({ planName }: SubscriptionTerms, amount: Ratio): NewLine {
  const text = { code: 'setup_fee' as const, params: { plan: planName } };
  return { ...single({ text, amount }), kind: 'setup_fee' };
}

/** What is missing to the minimum that was promised for a period. */
export function commitmentLine(
  { planName, currency }: SubscriptionTerms,
  { commitment, missing }: { commitment: Ratio; missing: Ratio },
  { period }: Span,
): NewLine {
  const minimum = formatMinor({ minor: roundHalfUp(commitment), currency });
  const text = { code: 'minimum_spend' as const, params: { name: planName, minimum } };
  return { ...single({ text, amount: missing, period }), kind: 'minimum_spend' };
}

/** The old price back and the new one charged; nothing where both are nothing. */
export function changeLines(
  change: {
    from: SubscriptionTerms;
    credit: Ratio;
    to: SubscriptionTerms;
    charge: Ratio;
  },
  span: Span,
): NewLine[] {
  return [
    ...unusedLines(change.from, change.credit, span),
    ...(isZero(change.charge)
      ? []
      : [
          single({
            text: { code: 'remaining', params: paramsOf(change.to, span) },
            amount: change.charge,
            period: span.period,
          }),
        ]),
  ];
}

/** `credit` is what is given back, not negative. */
export function unusedLines(terms: SubscriptionTerms, credit: Ratio, span: Span): NewLine[] {
  if (isZero(credit)) return [];
  const text = { code: 'unused' as const, params: paramsOf(terms, span) };
  return [single({ text, amount: negate(credit), period: span.period })];
}

function single({
  text,
  amount,
  period,
}: Pick<NewLine, 'text' | 'amount'> & { period?: Period }): NewLine {
  return {
    kind: 'proration',
    text,
    quantity: one,
    unitAmount: amount,
    amount,
    isTaxed: true,
    isDiscountable: true,
    ...(period && { period }),
  };
}

/** A period is shown by its first day and the day on which the next one begins. */
function paramsOf({ planName }: SubscriptionTerms, { period, timeZone }: Span) {
  return {
    plan: planName,
    from: dayOf(period.from, timeZone),
    to: dayOf(period.to, timeZone),
  };
}
