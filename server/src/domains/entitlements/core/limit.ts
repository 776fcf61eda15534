/** What a quota allows at an instant, from its sources: the rule that the stored function applies, written once more. */

export interface QuotaSource {
  source: 'plan' | 'package' | 'override' | 'api_key' | 'overage' | 'cap';
  sourceId: string;
  /** In the meter's smallest parts; null: unlimited. */
  limit: bigint | null;
  hard: boolean;
  startsAt: Date;
  /** Null where it never ends. */
  endsAt: Date | null;
}

export interface EffectiveLimit {
  /** False while no source is in force: the quota limits nothing, and allows nothing that requires one. */
  inForce: boolean;
  limit: bigint | null;
  hard: boolean;
  /** When the next source begins or ends; null: never. */
  changesAt: Date | null;
}

const limitMax = 2n ** 63n - 1n;

/**
 * An override stands alone; whatever else is in force adds up, hard where one of them is. The least cap bounds what they
 * give, and is hard where it does.
 */
export function effectiveLimit(sources: readonly QuotaSource[], at: Date): EffectiveLimit {
  const inForce = sources.filter(
    ({ startsAt, endsAt }) => startsAt <= at && (endsAt === null || endsAt > at),
  );
  const overrides = inForce.filter(({ source }) => source === 'override');
  const caps = inForce.filter(({ source }) => source === 'cap');
  const givers = inForce.filter(({ source }) => source !== 'cap');
  const standing = overrides.length > 0 ? overrides : givers;
  const given = sumOf(standing.map(({ limit }) => limit));
  const cap = leastOf(caps.map(({ limit }) => limit));
  const isCapped = cap !== null && (given === null || cap <= given);
  const changes = sources
    .flatMap(({ startsAt, endsAt }) => (endsAt === null ? [startsAt] : [startsAt, endsAt]))
    .filter((instant) => instant > at)
    .sort((a, b) => a.getTime() - b.getTime());
  return {
    inForce: inForce.length > 0,
    limit: isCapped ? cap : given,
    hard: isCapped || standing.some(({ hard }) => hard),
    changesAt: changes[0] ?? null,
  };
}

function leastOf(limits: readonly (bigint | null)[]): bigint | null {
  let least: bigint | null = null;
  for (const limit of limits)
    if (limit !== null && (least === null || limit < least)) least = limit;
  return least;
}

function sumOf(limits: readonly (bigint | null)[]): bigint | null {
  if (limits.length === 0) return null;
  let sum = 0n;
  for (const limit of limits) {
    if (limit === null) return null;
    sum += limit;
  }
  return sum < limitMax ? sum : limitMax;
}
