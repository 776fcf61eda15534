/** SQL of how calls ended, added up by span and model. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export type Span = 'five_minutes' | 'hour' | 'day';

export interface LevelSums {
  span: Span;
  starts_at: string;
  model: string;
  served: number;
  failed_here: number;
  failed_upstream: number;
  first_token: number[];
  whole: number[];
}

/** Adds to what is there, in one statement. */
export async function addServiceLevels(
  executor: Executor,
  sums: readonly LevelSums[],
): Promise<void> {
  await sql`
    insert into gateway_service_levels as kept
      (span, starts_at, model, served, failed_here, failed_upstream, first_token, whole)
    select span, starts_at, model, served, failed_here, failed_upstream, first_token, whole
    from jsonb_to_recordset(${JSON.stringify(sums)}::jsonb) as added (
      span text, starts_at timestamptz, model text, served bigint, failed_here bigint, failed_upstream bigint,
      first_token bigint[], whole bigint[]
    )
    on conflict (span, starts_at, model) do update
    set
      served = kept.served + excluded.served,
      failed_here = kept.failed_here + excluded.failed_here,
      failed_upstream = kept.failed_upstream + excluded.failed_upstream,
      first_token = array(
        select coalesce(a, 0) + coalesce(b, 0)
        from unnest(kept.first_token, excluded.first_token) with ordinality as both_steps (a, b, step)
        order by step
      ),
      whole = array(
        select coalesce(a, 0) + coalesce(b, 0)
        from unnest(kept.whole, excluded.whole) with ordinality as both_steps (a, b, step)
        order by step
      )
  `.execute(executor);
}

export interface ServiceLevelRow {
  startsAt: Date;
  model: string;
  served: number;
  failedHere: number;
  failedUpstream: number;
  firstToken: number[];
  whole: number[];
}

/** Of one length of span, from an instant on. There is a row for each span and model that was called, at most. */
export async function listServiceLevels(
  executor: Executor,
  { span, since }: { span: Span; since: Date },
): Promise<ServiceLevelRow[]> {
  const { rows } = await sql<ServiceLevelRow>`
    select
      starts_at as "startsAt", model, served::float8 as served, failed_here::float8 as "failedHere",
      failed_upstream::float8 as "failedUpstream", to_json(first_token) as "firstToken", to_json(whole) as whole
    from gateway_service_levels
    where span = ${span} and starts_at >= ${since}
    order by starts_at, model
  `.execute(executor);
  return rows;
}

/** Deletes what is older than it is shown. */
export async function forgetServiceLevels(
  executor: Executor,
  { span, before }: { span: Span; before: Date },
): Promise<void> {
  await sql`
    delete from gateway_service_levels
    where span = ${span} and starts_at < ${before}
  `.execute(executor);
}
