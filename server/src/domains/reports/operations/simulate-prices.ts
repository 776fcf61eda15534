import type { Context } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { findModelPrices, type ModelPrice } from '../../catalog/index.ts';
import type { RunningOperation } from '../../jobs/index.ts';
import { eachCall, type PastCall, sumUsage } from '../../metering/index.ts';
import {
  addFigures,
  type Figures,
  nothing,
  rerateCall,
  rerateSums,
  type Trial,
} from '../price-effect.ts';

/** Up to so many calls of all models are rated one by one: a second or two; more are told from their sums. */
export const callsMax = 50_000;

/** Behind so many it is told how far it has come. */
const callsPerBatch = 2_000;

export interface Span {
  from: Date;
  to: Date;
}

/** Other prices for a model, and the version that its sums are compared with. */
export interface ModelTrial extends Trial {
  price: ModelPrice;
}

export interface Simulated {
  isExact: boolean;
  /** By model, then by organization. */
  figures: Map<string, Map<string, Figures>>;
}

/** What the calls of a time would have cost with other prices for some models. */
export async function simulatePrices(
  context: Context,
  span: Span,
  trials: ReadonlyMap<string, ModelTrial>,
  operation?: RunningOperation,
): Promise<Simulated> {
  const sums = await sumUsage(context.database, {
    organizationId: undefined,
    ...span,
    interval: 'all',
    timeZone: 'UTC',
    groups: ['organization', 'model'],
  });
  const calls = sums.reduce((count, line) => count + line.calls, 0n);
  const figures: Simulated['figures'] = new Map();
  const add = (model: string, organizationId: string, more: Figures) => {
    const ofModel = figures.get(model) ?? new Map<string, Figures>();
    figures.set(model, ofModel);
    ofModel.set(organizationId, addFigures(ofModel.get(organizationId) ?? nothing, more));
  };
  if (calls > BigInt(callsMax)) {
    for (const line of sums) {
      const trial = line.model === null ? undefined : trials.get(line.model);
      if (!trial || line.organization === null) continue;
      add(trial.price.model, line.organization, rerateSums(line, trial.price, trial));
    }
    return { isExact: false, figures };
  }
  await rerateEach(context, { span, trials, add, operation, total: Number(calls) });
  return { isExact: true, figures };
}

async function rerateEach(
  context: Context,
  {
    span,
    trials,
    add,
    operation,
    total,
  }: {
    span: Span;
    trials: ReadonlyMap<string, ModelTrial>;
    add: (model: string, organizationId: string, more: Figures) => void;
    operation: RunningOperation | undefined;
    total: number;
  },
): Promise<void> {
  const prices = new Map<string, ModelPrice>();
  const priceOf = async ({ priceId }: PastCall): Promise<ModelPrice> => {
    let price = prices.get(priceId);
    if (price) return price;
    price = (await findModelPrices(context.database, [priceId])).get(priceId);
    invariant(price, `price ${priceId}, which a call names, is kept`);
    prices.set(priceId, price);
    return price;
  };
  let read = 0;
  const [only] = trials.size === 1 ? trials.keys() : [];
  for await (const call of eachCall(context.database, { ...span, model: only })) {
    read += 1;
    if (read % callsPerBatch === 0) await goOn(operation, { done: read, total });
    const trial = trials.get(call.model);
    if (!trial) continue;
    const { usage, amount, details } = call;
    const { multiplierMillionths, costNanos } = details;
    const rated = { usage, amount, multiplierMillionths, costNanos };
    add(call.model, call.organizationId, rerateCall(rated, await priceOf(call), trial));
  }
}

/** @throws Refusal `invalid_state` where it was asked to stop. */
async function goOn(
  operation: RunningOperation | undefined,
  progress: { done: number; total: number },
): Promise<void> {
  if (!operation || (await operation.advance(progress))) return;
  throw new Refusal('invalid_state', 'It was stopped: ask again to try these prices.');
}

export function totalOf(ofModel: ReadonlyMap<string, Figures> | undefined): Figures {
  return [...(ofModel?.values() ?? [])].reduce(addFigures, nothing);
}
