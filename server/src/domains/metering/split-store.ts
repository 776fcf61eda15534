/** SQL of what periods were used by whom; the query is a stored function. */
import { sql } from 'kysely';
import { instantArray, textArray } from '../../platform/database/array-literal.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';

/** A meter within `[from, to)`. */
export interface SplitAsk {
  meterId: string;
  from: Date;
  to: Date;
}

/** What one cost center, or member, used of it; the id is null for what is of none. */
export interface SplitPart {
  subjectId: string | null;
  total: bigint;
  events: bigint;
}

/** Who used what of each ask, in its place; nothing where nothing was used. */
export async function splitUsage(
  executor: Executor,
  of: { organizationId: string; by: 'cost_center' | 'member'; asks: readonly SplitAsk[] },
): Promise<SplitPart[][]> {
  const { organizationId, by, asks } = of;
  const { rows } = await sql<{
    place: number;
    subject_id: string;
    total: string;
    events: string;
  }>`
    select place, subject_id, total, events
    from ${storedFunction('metering_split_periods')}(
      ${organizationId},
      ${textArray(asks.map(({ meterId }) => meterId))}::text[],
      ${instantArray(asks.map(({ from }) => from))}::timestamptz[],
      ${instantArray(asks.map(({ to }) => to))}::timestamptz[],
      ${by}
    )
  `.execute(executor);
  return asks.map((_ask, index) =>
    rows
      .filter(({ place }) => place === index + 1)
      .map(({ subject_id, total, events }) => ({
        subjectId: subject_id === '' ? null : subject_id,
        total: BigInt(total),
        events: BigInt(events),
      })),
  );
}
