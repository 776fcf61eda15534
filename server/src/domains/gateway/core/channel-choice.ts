/** Chooses the channel of the next attempt: the highest priority that is ready, weighted by chance within it. */

export interface Candidate {
  id: string;
  priority: number;
  weight: number;
  /** Calls in flight at most; null for no limit. */
  concurrency: number | null;
  inFlight: number;
  /** Wall time in ms until which the channel rests; 0 when it is ready. */
  restsUntilMs: number;
  /** Failures in a row. */
  failures: number;
  /** Whether the upstream itself asked for the rest, by 429. */
  isRateLimited: boolean;
}

/** A channel that failed no oftener in a row may still be tried when no other is left. */
const lastResortFailuresMax = 5;

/**
 * The channel to try; undefined when none can take the call. `chance` is in [0, 1).
 * A resting channel is tried only when nothing else is left, and never while its upstream asked for the rest.
 */
export function chooseChannel<T extends Candidate>(
  candidates: readonly T[],
  nowMs: number,
  chance: number,
): T | undefined {
  const free = candidates.filter(
    ({ concurrency, inFlight }) => concurrency === null || inFlight < concurrency,
  );
  const ready = free.filter(({ restsUntilMs }) => restsUntilMs <= nowMs);
  if (ready.length > 0) return pickWeighted(highestTier(ready), chance);
  const lastResort = free.filter(
    ({ isRateLimited, failures }) => !isRateLimited && failures <= lastResortFailuresMax,
  );
  return lastResort.length === 0 ? undefined : pickWeighted(highestTier(lastResort), chance);
}

function highestTier<T extends Candidate>(candidates: readonly T[]): T[] {
  const highest = Math.max(...candidates.map(({ priority }) => priority));
  return candidates.filter(({ priority }) => priority === highest);
}

/** A weight of zero is a spare: it is chosen when all weights of its tier are zero. */
function pickWeighted<T extends Candidate>(tier: readonly T[], chance: number): T | undefined {
  const total = tier.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return tier[Math.floor(chance * tier.length)];
  let rest = chance * total;
  for (const candidate of tier) {
    if (candidate.weight === 0) continue;
    rest -= candidate.weight;
    if (rest < 0) return candidate;
  }
  return tier.findLast(({ weight }) => weight > 0);
}
