import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type { simulateModelPrice as endpoint } from '@sluice/contract/price-updates';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMoney } from '../../../platform/money.ts';
import { parseMultiplier } from '../../../platform/multiplier.ts';
import { type PriceBook, readPriceTerms } from '../../catalog/index.ts';
import { findOrganizations } from '../../identity/index.ts';
import { runOperation } from '../../jobs/index.ts';
import { type Figures, presentEffect } from '../price-effect.ts';
import { type Span, simulatePrices, totalOf } from './simulate-prices.ts';

const organizationsShown = 20;
const daysShown = 30;
const daysMax = 366;
const dayMs = 86_400_000;

/**
 * What past calls of a model would have cost at other prices; nothing is changed.
 * @throws Refusal `not_found` for a model without a price; `rule_violated` for a time that is none.
 */
export async function simulateModelPrice(
  context: Context,
  prices: PriceBook,
  body: BodyOf<typeof endpoint>,
): Promise<AnswerOf<typeof endpoint>> {
  const now = context.clocks.business();
  const price = prices.priceOf(body.model, now);
  if (!price) {
    const sentence = `"${body.model}" has no price in force, so there were no calls of it.`;
    throw new Refusal('not_found', sentence, { param: 'model' });
  }
  const span = readSpan(body, now);
  const { multiplier, moves_cost: movesCost = false } = body;
  const { currency } = price;
  const trial = {
    ...{ price, currency, movesCost },
    terms: readPriceTerms(body),
    multiplierMillionths: multiplier === undefined ? undefined : parseMultiplier(multiplier),
  };
  // Nobody goes on with it: whoever asked asks again.
  const begun = { kind: 'reports.price_try', key: newId('try', now), title: body.model };
  const { isExact, figures } = await runOperation(context, begun, (operation) =>
    simulatePrices(context, span, new Map([[body.model, trial]]), operation),
  );
  const ofModel = figures.get(body.model) ?? new Map<string, Figures>();
  return {
    model: body.model,
    ...presentEffect(totalOf(ofModel), { ...span, isExact, currency }),
    organizations: await presentOrganizations(context, ofModel, currency),
  };
}

function readSpan({ from, to }: BodyOf<typeof endpoint>, now: Date): Span {
  const end = to === undefined ? now : new Date(to);
  const start = from === undefined ? new Date(end.getTime() - daysShown * dayMs) : new Date(from);
  const days = (end.getTime() - start.getTime()) / dayMs;
  if (days > 0 && days <= daysMax) return { from: start, to: end };
  const sentence = `Give a time of at most ${daysMax} days that ends after it begins.`;
  throw new Refusal('rule_violated', sentence, { param: 'from' });
}

async function presentOrganizations(
  context: Context,
  figures: ReadonlyMap<string, Figures>,
  currency: string,
) {
  const most = [...figures]
    .map(([organization, one]) => ({
      ...{ organization, one },
      difference: one.revenueAfter - one.revenueBefore,
    }))
    .sort((a, b) => compareSizes(b.difference, a.difference))
    .slice(0, organizationsShown);
  const found = await findOrganizations(context.database, {
    among: most.map(({ organization }) => organization),
    limit: organizationsShown,
  });
  const names = new Map(found.map(({ id, name }) => [id, name]));
  const shown = (amount: bigint) => formatMoney({ amount, currency });
  return most.map(({ organization, one, difference }) => ({
    organization,
    name: names.get(organization) ?? organization,
    calls: one.calls,
    before: shown(one.revenueBefore),
    after: shown(one.revenueAfter),
    difference: shown(difference),
  }));
}

function compareSizes(a: bigint, b: bigint): number {
  const [sizeA, sizeB] = [a < 0n ? -a : a, b < 0n ? -b : b];
  return sizeA === sizeB ? 0 : sizeA < sizeB ? -1 : 1;
}
