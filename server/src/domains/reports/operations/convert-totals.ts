import type { AnswerOf } from '@sluice/contract/endpoint';
import type { getRevenueReport } from '@sluice/contract/reports-revenue';
import type { Context } from '../../../platform/context.ts';
import { multiply, parseRatio, ratio, roundHalfUp } from '../../../platform/ratio.ts';
import { exchangeRate } from '../../settings/index.ts';
import { cashOf, type RevenueFigures } from '../core/revenue.ts';
import { amountsIn } from '../core/share.ts';

interface Total {
  currency: string;
  total: RevenueFigures;
}

/** Totals in one currency at the rates of today, each rounded half up once; what has no rate is named, not guessed. */
export async function convertTotals(
  { database, config }: Context,
  currency: string | undefined,
  totals: readonly Total[],
): Promise<AnswerOf<typeof getRevenueReport>['converted']> {
  if (currency === undefined) return null;
  const rates: { currency: string; rate: string }[] = [];
  const withoutRate: string[] = [];
  let recognized = 0n;
  let cash = 0n;
  for (const { currency: from, total } of totals) {
    const rate = from === currency ? '1' : await exchangeRate(database, config, from, currency);
    if (rate === undefined) {
      withoutRate.push(from);
      continue;
    }
    rates.push({ currency: from, rate });
    recognized += convert(total.recognized, rate);
    cash += convert(cashOf(total.cash), rate);
  }
  const wire = amountsIn(currency);
  return {
    ...{ currency, rates, without_rate: withoutRate },
    ...{ recognized: wire(recognized), cash: wire(cash) },
  };
}

function convert(amount: bigint, rate: string): bigint {
  return roundHalfUp(multiply(ratio(amount), parseRatio(rate)));
}
