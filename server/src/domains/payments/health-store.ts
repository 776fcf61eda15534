/** All SQL about how providers do. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { Health } from './core/present-health.ts';

export async function saveCallSucceeded(
  executor: Executor,
  provider: string,
  at: Date,
): Promise<void> {
  await sql`
    insert into payments_provider_calls (provider, succeeded_at)
    values (${provider}, ${at})
    on conflict (provider) do update
    set succeeded_at = greatest(payments_provider_calls.succeeded_at, excluded.succeeded_at)
  `.execute(executor);
}

export async function saveCallFailed(
  executor: Executor,
  provider: string,
  { call, at }: { call: string; at: Date },
): Promise<void> {
  await sql`
    insert into payments_provider_calls (provider, failed_at, failed_call)
    values (${provider}, ${at}, ${call})
    on conflict (provider) do update
    set failed_at = excluded.failed_at, failed_call = excluded.failed_call
  `.execute(executor);
}

export interface HealthRow extends Health {
  provider: string;
}

export interface HealthInstants {
  /** Attempts since then are counted. */
  since: Date;
  now: Date;
  /** What is under way since before then is longer so than it should be. */
  processingSince: Date;
}

/**
 * How each of some providers does. Attempts that nobody paid and whose term is over say nothing about their provider.
 * @scope deployment: a provider’s health is of all customers.
 */
export async function listHealth(
  executor: Executor,
  providers: readonly string[],
  { since, now, processingSince }: HealthInstants,
): Promise<Map<string, HealthRow>> {
  const { rows } = await sql<HealthRow>`
    select named.provider, calls.succeeded_at as call_succeeded_at, calls.failed_at as call_failed_at,
      calls.failed_call,
      (
        select max(inbox.last_received_at)
        from payments_inbox as inbox
        where inbox.provider = named.provider
          and inbox.outcome in ('settled', 'repeated', 'parked', 'handled', 'ignored')
      ) as notification_succeeded_at,
      (
        select max(inbox.last_received_at)
        from payments_inbox as inbox
        where inbox.provider = named.provider
          and inbox.outcome in ('unconfirmed', 'failed', 'dead', 'refused')
      ) as notification_failed_at,
      (
        select count(*)
        from payments_inbox as inbox
        where inbox.provider = named.provider
          and inbox.outcome = 'dead'
      ) as notifications_dead,
      coalesce(tries.succeeded, 0) as succeeded, coalesce(tries.failed, 0) as failed,
      coalesce(tries.open, 0) as open,
      (
        select count(*)
        from payments_attempts as late
        where late.provider = named.provider
          and late.next_query_at is not null
          and late.status in ('pending', 'unknown')
          and (
            (not late.is_processing and late.expires_at <= ${now})
            or (late.is_processing and late.created_at <= ${processingSince})
          )
      ) as overdue
    from unnest(${[...providers]}::text[]) as named (provider)
    left join payments_provider_calls as calls on calls.provider = named.provider
    left join lateral (
      select count(*) filter (where status = 'succeeded') as succeeded,
        count(*) filter (where status = 'failed') as failed,
        count(*) filter (where status in ('pending', 'unknown')) as open
      from payments_attempts as attempt
      where attempt.provider = named.provider
        and attempt.created_at >= ${since}
    ) as tries on true
  `.execute(executor);
  return new Map(rows.map((row) => [row.provider, row]));
}
