import { gathered } from '../../../platform/database/gathered.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { type Ratio, ratio, zero } from '../../../platform/ratio.ts';
import {
  findMetersById,
  type Meter,
  type PeriodUsage,
  type PricingModel,
} from '../../catalog/index.ts';
import { aggregated, inUnits, meanOver, type Source, sourceOf } from '../core/period-quantity.ts';
import { tokensByPosition } from '../core/token-positions.ts';
import {
  type CallSums,
  countValuesOfPeriods,
  listCallQuantities,
  listEventQuantities,
  type PeriodAsk,
  sumCallsOfPeriods,
  sumPeriods,
  weighPeriods,
} from '../period-store.ts';
import { isMovedByCalls } from '../rollups-store.ts';

/** A meter of an organization within `[from, to)`. */
export interface UsageAsk {
  organizationId: string;
  meterId: string;
  from: Date;
  to: Date;
}

/** What was used, as charges are rated with it. */
export interface UsageInPeriod {
  /** By the meter's aggregation, exact, in its unit. */
  quantity: Ratio;
  /** Each event's quantity in order; what was corrected to nothing did not happen. Reads them when it is called. */
  events(): Promise<Ratio[]>;
  /** Tokens by the positions that have a price; of a meter that calls of models do not move there are none. */
  tokens(positions: readonly string[]): Record<string, bigint>;
}

/** What was used of a meter in a period, whatever its bounds: see `usageOfMany`. */
export const usageInPeriod = gathered<UsageAsk, UsageInPeriod>((executor, asks) =>
  usageOfMany(executor, asks),
);

/**
 * The same for many organizations, meters and periods at once: a handful of queries, however many are asked for. Answers
 * are in the places of the asks.
 */
export async function usageOfMany(
  executor: Executor,
  asks: readonly UsageAsk[],
): Promise<UsageInPeriod[]> {
  const used: UsageInPeriod[] = [];
  for (let start = 0; start < asks.length; start += asksMax) {
    used.push(...(await usageOf(executor, asks.slice(start, start + asksMax))));
  }
  return used;
}

/** So many in one query, so that its answer stays small. */
const asksMax = 2000;

interface Asked extends UsageAsk {
  meter: Meter;
}

async function usageOf(executor: Executor, asks: readonly UsageAsk[]): Promise<UsageInPeriod[]> {
  const meters = await findMetersById(
    executor,
    asks.map(({ meterId }) => meterId),
  );
  const asked = asks.map((ask): Asked => {
    const meter = meters.get(ask.meterId);
    invariant(meter, `meter ${ask.meterId} exists`);
    invariant(ask.from < ask.to, 'a period has a length');
    return { ...ask, meter };
  });
  const ofCalls = asked.filter(({ meterId }) => isMovedByCalls(meterId));
  const ofEvents = asked.filter(({ meterId }) => !isMovedByCalls(meterId));
  const quantities = await quantitiesOf(executor, ofEvents);
  const calls = await callsOf(executor, ofCalls);
  return asked.map((ask) => {
    const sums = calls.get(ask);
    return {
      quantity: sums ? quantityOfCalls(ask, sums) : (quantities.get(ask) ?? zero),
      events: () => eventsOf(executor, ask),
      tokens: (positions) => (sums ? tokensByPosition(sums, positions) : {}),
    };
  });
}

async function quantitiesOf(
  executor: Executor,
  asked: readonly Asked[],
): Promise<Map<Asked, Ratio>> {
  const of = (source: Source) => asked.filter(({ meter }) => sourceOf(meter) === source);
  const found = new Map<Asked, Ratio>();
  const put = (ask: Asked, parts: Ratio) => found.set(ask, inUnits(parts, ask.meter.unit));

  const summed = [...of('sums'), ...of('sums_since_ever')];
  const sums = await eachOf(executor, summed.map(boundsOf), sumPeriods);
  for (const [index, ask] of summed.entries()) {
    const sum = sums[index];
    if (sum) put(ask, ratio(aggregated(sum, ask.meter.aggregation)));
  }
  const distinct = of('values');
  const counts = await eachOf(executor, distinct, countValuesOfPeriods);
  for (const [index, ask] of distinct.entries()) put(ask, ratio(counts[index] ?? 0n));

  const weighed = of('weights');
  const weights = await eachOf(executor, weighed, weighPeriods);
  const levels = weighed.map((ask) => ({ ...ask, from: null, to: ask.from }));
  const standing = await eachOf(executor, levels, sumPeriods);
  for (const [index, ask] of weighed.entries()) {
    const stood = ask.meter.kind === 'level' ? (standing[index]?.total ?? 0n) : 0n;
    put(ask, meanOver(stood, weights[index] ?? 0n, ask));
  }
  return found;
}

function boundsOf(ask: Asked): PeriodAsk {
  return sourceOf(ask.meter) === 'sums' ? ask : { ...ask, from: null };
}

/** Asks nothing where nothing is asked for. */
async function eachOf<A, T>(
  executor: Executor,
  asks: readonly A[],
  read: (executor: Executor, asks: readonly A[]) => Promise<T[]>,
): Promise<T[]> {
  return asks.length === 0 ? [] : read(executor, asks);
}

const noCalls: CallSums = {
  calls: 0n,
  inputTokens: 0n,
  cachedInputTokens: 0n,
  cacheWriteTokens: 0n,
  outputTokens: 0n,
  reasoningTokens: 0n,
  amount: 0n,
};

/** Requests, tokens and cost of one period are read at once. */
async function callsOf(executor: Executor, asked: readonly Asked[]): Promise<Map<Asked, CallSums>> {
  const byPeriod = Map.groupBy(
    asked,
    ({ organizationId, from, to }) => `${organizationId} ${+from} ${+to}`,
  );
  const periods = [...byPeriod.values()];
  const firsts = periods.flatMap(([first]) => (first ? [first] : []));
  const sums = await eachOf(executor, firsts, sumCallsOfPeriods);
  return new Map(
    periods.flatMap((group, index) => group.map((ask) => [ask, sums[index] ?? noCalls] as const)),
  );
}

function quantityOfCalls({ meterId, meter }: Asked, sums: CallSums): Ratio {
  if (meterId === 'mtr_requests') return ratio(sums.calls);
  if (meterId === 'mtr_tokens') return ratio(sums.inputTokens + sums.outputTokens);
  return inUnits(ratio(sums.amount), meter.unit);
}

async function eventsOf(executor: Executor, ask: Asked): Promise<Ratio[]> {
  const list = isMovedByCalls(ask.meterId) ? listCallQuantities : listEventQuantities;
  const parts = await list(executor, ask);
  return parts
    .filter((quantity) => quantity !== 0n)
    .map((quantity) => inUnits(ratio(quantity), ask.meter.unit));
}

/** What was used, with what the pricing of a charge looks at: events, tokens or the quantity alone. */
export async function usageForPricing(
  used: UsageInPeriod,
  pricing: PricingModel,
): Promise<PeriodUsage> {
  const { quantity } = used;
  if (pricing.model === 'percentage' || pricing.model === 'dynamic') {
    return { quantity, events: await used.events() };
  }
  if (pricing.model !== 'tokens') return { quantity };
  return { quantity, tokens: used.tokens(Object.keys(pricing.perMillion)) };
}
