/** What metrics ask about deliveries and endpoints. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface WebhookBacklog {
  waiting: bigint;
  /** When the delivery was due that is due for longest; null where none is late. */
  oldestDue: Date | null;
}

/** @scope deployment: sums for a scrape. */
export async function readWebhookBacklog(executor: Executor, now: Date): Promise<WebhookBacklog> {
  const { rows } = await sql<WebhookBacklog>`
    select count(*) as waiting,
      min(d.due_at) filter (
        where d.due_at <= ${now} and d.leased_until is null and (e.status = 'enabled' or d.is_test)
      ) as "oldestDue"
    from webhooks_deliveries as d
    join webhooks_endpoints as e on e.id = d.endpoint_id
    where d.status = 'pending'
  `.execute(executor);
  return rows[0] ?? { waiting: 0n, oldestDue: null };
}

export interface EndpointCount {
  standing: 'taking' | 'failing' | 'disabled';
  count: bigint;
}

/** @scope deployment: sums for a scrape. */
export async function countEndpoints(executor: Executor): Promise<EndpointCount[]> {
  const { rows } = await sql<EndpointCount>`
    select
      case
        when e.status = 'disabled' then 'disabled'
        when e.failing_since is null then 'taking'
        else 'failing'
      end as standing,
      count(*) as count
    from webhooks_endpoints as e
    group by 1
  `.execute(executor);
  return rows;
}
