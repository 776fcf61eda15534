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
import type { LineText, NewLine } from '../../invoicing/index.ts';
import { isEndless } from './agreed-terms.ts';
import type { Period } from './period.ts';
import type { SubscriptionTerms } from './subscription.ts';

interface Span {
  period: Period;
  timeZone: string;
}

const codes = {
  period: { one: 'plan', several: 'plan_quantity' },
  once: { one: 'plan_once', several: 'plan_once_quantity' },
} as const;

export function periodLine(terms: SubscriptionTerms, span: Span): NewLine {
  const { price, quantity } = terms;
  const seats = ratio(BigInt(quantity));
  return {
    ...{ kind: 'subscription', isTaxed: true, isDiscountable: true },
    ...{ quantity: seats, unitAmount: price, amount: multiply(price, seats) },
    text: {
      code: codes[isEndless(terms) ? 'once' : 'period'][quantity === 1 ? 'one' : 'several'],
      params: { ...paramsOf(terms, span), quantity: String(quantity) },
    },
    ...(!isEndless(terms) && { period: span.period }),
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
            text: {
              code: isEndless(change.to) ? 'plan_once' : 'remaining',
              params: paramsOf(change.to, span),
            },
            amount: change.charge,
            ...(!isEndless(change.to) && { period: span.period }),
          }),
        ]),
  ];
}

/** `credit` is what is given back, not negative. */
export function unusedLines(terms: SubscriptionTerms, credit: Ratio, span: Span): NewLine[] {
  if (isZero(credit)) return [];
  const isOnce = isEndless(terms);
  const code = isOnce ? ('unused_once' as const) : ('unused' as const);
  const text = { code, params: paramsOf(terms, span) };
  return [single({ text, amount: negate(credit), ...(!isOnce && { period: span.period }) })];
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
function paramsOf(terms: SubscriptionTerms, { period, timeZone }: Span): LineText['params'] {
  const { planName } = terms;
  if (isEndless(terms)) return { plan: planName };
  return {
    plan: planName,
    from: dayOf(period.from, timeZone),
    to: dayOf(period.to, timeZone),
  };
}
