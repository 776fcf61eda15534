/**
 * Chooses the channel of the next attempt: the highest priority that is ready, and within it by weight; by chance, or by
 * what the call has an affinity to.
 */
import { type Breaker, type Standing, standingOf } from './breaker.ts';

export interface Candidate {
  id: string;
  priority: number;
  weight: number;
  /** Calls in flight at most; null for no limit. */
  concurrency: number | null;
  inFlight: number;
  breaker: Breaker;
  keys: readonly { breaker: Breaker }[];
  /** Of models that this channel was refused for. */
  refusedModels: ReadonlyMap<string, Breaker>;
}

export interface Choice {
  model: string;
  nowMs: number;
  /** In [0, 1). */
  chance: number;
  /** Calls with the same one go to the same channel while it can take them. */
  affinity?: string | undefined;
}

/**
 * The channel to try; undefined when none can take the call. One that failed a moment ago is tried only when nothing
 * else is left, and one that is shut is not tried at all.
 */
export function chooseChannel<T extends Candidate>(
  candidates: readonly T[],
  choice: Choice,
): T | undefined {
  const tier: T[] = [];
  let best: Standing = 'shut';
  for (const candidate of candidates) {
    const standing = standingFor(candidate, choice);
    if (standing === 'shut') continue;
    const [first] = tier;
    const order = first ? compareRank(standing, candidate, best, first) : 1;
    if (order < 0) continue;
    if (order > 0) tier.length = 0;
    best = standing;
    tier.push(candidate);
  }
  if (tier.length < 2) return tier[0];
  const weighted = tier.filter(({ weight }) => weight > 0);
  // A weight of zero is a spare: it is chosen when all weights of its tier are zero.
  const pool = weighted.length > 0 ? weighted : tier;
  return choice.affinity === undefined
    ? pickByChance(pool, choice.chance)
    : pickByAffinity(pool, choice.affinity);
}

/** How a channel stands for calls of a model: as the worst of its parts, of its keys as the best. */
export function standingFor(
  candidate: Candidate,
  { model, nowMs }: Pick<Choice, 'model' | 'nowMs'>,
): Standing {
  const { concurrency, inFlight, breaker, keys, refusedModels } = candidate;
  if (concurrency !== null && inFlight >= concurrency) return 'shut';
  const refused = refusedModels.get(model);
  if (refused && standingOf(refused, nowMs) === 'shut') return 'shut';
  const standing = standingOf(breaker, nowMs);
  if (standing === 'shut') return 'shut';
  return keys.some((key) => standingOf(key.breaker, nowMs) !== 'shut') ? standing : 'shut';
}

/** Positive where the first goes before the second: who is ready goes first, then the higher priority. */
function compareRank(
  standing: Standing,
  { priority }: Candidate,
  otherStanding: Standing,
  other: Candidate,
): number {
  if (standing !== otherStanding) return standing === 'ready' ? 1 : -1;
  return priority - other.priority;
}

function pickByChance<T extends Candidate>(pool: readonly T[], chance: number): T | undefined {
  const total = pool.reduce((sum, candidate) => sum + shareOf(candidate), 0);
  let rest = chance * total;
  for (const candidate of pool) {
    rest -= shareOf(candidate);
    if (rest < 0) return candidate;
  }
  return pool.at(-1);
}

/**
 * Weighted rendezvous hashing: every process picks the same channel without telling the others, shares follow the
 * weights, and only the calls of a channel that falls out move, to the channel that is next for them.
 * https://www.snia.org/sites/default/files/SDC15_presentations/dist_sys/Jason_Resch_New_Consistent_Hashings_Rev.pdf
 */
function pickByAffinity<T extends Candidate>(pool: readonly T[], affinity: string): T | undefined {
  const seed = hash(affinity, fnvOffset);
  let best: T | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const candidate of pool) {
    const uniform = (mix(hash(candidate.id, seed)) + 0.5) / 2 ** 32;
    const score = -shareOf(candidate) / Math.log(uniform);
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

function shareOf({ weight }: Candidate): number {
  return weight === 0 ? 1 : weight;
}

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a over UTF-16 units. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), fnvPrime);
  }
  return value >>> 0;
}

/** Spreads what differs in a few bits over all of them: the finalizer of MurmurHash3. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
