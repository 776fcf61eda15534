import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { listPriceUpdates as endpoint } from '@sluice/contract/price-updates';
import type { Context } from '../../../platform/context.ts';
import { pageOf, readCursor } from '../../../platform/http/pages.ts';
import {
  type PriceUpdate,
  presentPriceUpdate,
  readPriceUpdates,
  sortKeyOfUpdate,
} from '../../catalog/index.ts';
import { presentEffect } from '../price-effect.ts';
import { type ModelTrial, simulatePrices, totalOf } from './simulate-prices.ts';

const spanMs = 30 * 86_400_000;

/** Where published prices differ from the book, each with what it would have done to the last 30 days. */
export async function listPriceUpdates(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<AnswerOf<typeof endpoint>> {
  const after = readCursor(query);
  const q = query.q?.toLowerCase() ?? '';
  const rows = (await readPriceUpdates(context))
    .filter(({ kind }) => query.kind === undefined || kind === query.kind)
    .filter(({ model }) => model.toLowerCase().includes(q))
    .filter((update) => after === undefined || sortKeyOfUpdate(update) > after)
    .slice(0, query.limit + 1);
  const effectOf = await simulateUpdates(context, rows.slice(0, query.limit));
  return pageOf(rows, query, sortKeyOfUpdate, (update) => ({
    ...presentPriceUpdate(update),
    effect: effectOf(update),
  }));
}

/** Updates of one model at different times are tried apart: the calls are read once for each round. */
async function simulateUpdates(context: Context, updates: readonly PriceUpdate[]) {
  const to = context.clocks.business();
  const span = { from: new Date(to.getTime() - spanMs), to };
  const effects = new Map<string, ReturnType<typeof presentEffect>>();
  const rounds: Map<string, PriceUpdate>[] = [];
  for (const update of updates) {
    if (!update.before || !update.after) continue;
    const free = rounds.find((round) => !round.has(update.model));
    if (free) free.set(update.model, update);
    else rounds.push(new Map([[update.model, update]]));
  }
  for (const round of rounds) {
    const trials = new Map([...round].map(([model, update]) => [model, trialOf(update)]));
    const { isExact, figures } = await simulatePrices(context, span, trials);
    for (const [model, { id, before }] of round) {
      const currency = before?.currency ?? context.config.usageCurrency;
      effects.set(id, presentEffect(totalOf(figures.get(model)), { ...span, isExact, currency }));
    }
  }
  return ({ id }: PriceUpdate) => effects.get(id) ?? null;
}

/** The list is what upstreams charge, so that costs move with it. */
function trialOf({ before, after }: PriceUpdate): ModelTrial {
  if (!before || !after) throw new Error('an update that is tried has both sides');
  return { price: before, terms: after, currency: before.currency, movesCost: true };
}
