/**
 * SQL that gives due deliveries to whoever sends them. A row of an endpoint is locked while its deliveries are taken, so
 * that no more of them are under way than it may have, over any number of processes.
 */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { SendOutcome } from '../core/outcome.ts';

export interface TakenDelivery {
  id: string;
  endpointId: string;
  organizationId: string;
  messageId: string;
  isTest: boolean;
  body: string;
  /** Of the try that begins: whoever ends another one has come too late. */
  number: number;
  url: string;
  sealedSecret: string;
  sealedPreviousSecret: string | null;
  previousExpiresAt: Date | null;
  isFailing: boolean;
}

interface Ask {
  now: Date;
  /** Deliveries under way to one endpoint at once; to one that takes nothing, a single one. */
  perEndpointMax: number;
  limit: number;
  /** Without those where nothing was taken the last time. */
  healthyOnly: boolean;
}

/**
 * Locks endpoints with something due, those that take what they are sent first; the others wait for nobody.
 * @scope job: whatever is due, of every organization.
 */
export async function lockDueEndpoints(
  transaction: Transaction,
  { now, perEndpointMax, limit, healthyOnly }: Ask,
): Promise<{ id: string; isFailing: boolean; room: number }[]> {
  const { rows } = await sql<{ id: string; isFailing: boolean; room: number }>`
    with recursive waiting (endpoint_id) as (
      (select endpoint_id from webhooks_deliveries where status = 'pending' order by endpoint_id limit 1)
      union all
      select (
        select d.endpoint_id
        from webhooks_deliveries as d
        where d.status = 'pending' and d.endpoint_id > w.endpoint_id
        order by d.endpoint_id
        limit 1
      )
      from waiting as w
      where w.endpoint_id is not null
    )
    select e.id, e.failing_since is not null as "isFailing",
      (case when e.failing_since is null then ${perEndpointMax}::integer else 1 end - busy.count)::integer as room
    from webhooks_endpoints as e
    cross join lateral (
      select min(d.due_at) as due_at
      from webhooks_deliveries as d
      where d.endpoint_id = e.id
        and d.status = 'pending'
        and d.due_at <= ${now}
        and (d.leased_until is null or d.leased_until <= ${now})
        and (e.status = 'enabled' or d.is_test)
    ) as next
    cross join lateral (
      select count(*) as count
      from webhooks_deliveries as d
      where d.endpoint_id = e.id and d.leased_until > ${now}
    ) as busy
    where e.id in (select endpoint_id from waiting)
      and next.due_at is not null
      and busy.count < case when e.failing_since is null then ${perEndpointMax}::integer else 1 end
      and (e.failing_since is null or not ${healthyOnly})
    order by e.failing_since is not null, next.due_at, e.id
    limit ${limit}
    for no key update of e skip locked
  `.execute(transaction);
  return rows;
}

/**
 * Takes an endpoint's longest due deliveries for one try each; nobody else takes them before `until`.
 * @scope row: of an endpoint that `lockDueEndpoints` locked.
 */
export async function takeDeliveries(
  transaction: Transaction,
  { endpointId, now, until, limit }: { endpointId: string; now: Date; until: Date; limit: number },
): Promise<TakenDelivery[]> {
  const { rows } = await sql<TakenDelivery>`
    update webhooks_deliveries as d
    set tries = d.tries + 1, leased_until = ${until}
    from webhooks_endpoints as e
    where e.id = d.endpoint_id
      and e.organization_id = d.organization_id
      and d.id in (
        select w.id
        from webhooks_deliveries as w
        where w.endpoint_id = ${endpointId}
          and w.status = 'pending'
          and w.due_at <= ${now}
          and (w.leased_until is null or w.leased_until <= ${now})
          and (e.status = 'enabled' or w.is_test)
        order by w.due_at, w.id
        limit ${limit}
      )
    returning d.id, d.endpoint_id as "endpointId", d.organization_id as "organizationId", d.message_id as "messageId",
      d.is_test as "isTest", d.body, d.tries as number, e.url, e.sealed_secret as "sealedSecret",
      e.sealed_previous_secret as "sealedPreviousSecret", e.previous_expires_at as "previousExpiresAt",
      e.failing_since is not null as "isFailing"
  `.execute(transaction);
  return rows;
}

/**
 * Writes down that tries begin, and that those before them of which nothing was heard broke off.
 * @scope row: of deliveries that were just taken.
 */
export async function beginTries(
  transaction: Transaction,
  taken: readonly Pick<TakenDelivery, 'id' | 'number'>[],
  at: Date,
): Promise<void> {
  const ids = taken.map(({ id }) => id);
  await sql`
    update webhooks_tries
    set outcome = 'interrupted'
    where delivery_id = any (${ids}::text[]) and outcome is null
  `.execute(transaction);
  await sql`
    insert into webhooks_tries (delivery_id, number, started_at)
    select t.id, t.number, ${at}
    from unnest(${ids}::text[], ${taken.map(({ number }) => number)}::integer[]) as t (id, number)
  `.execute(transaction);
}

/**
 * Whether anything is due that nobody has taken.
 * @scope job: whatever is due, of every organization.
 */
export async function isAnythingDue(executor: Executor, now: Date): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`
    select 1 as one
    from webhooks_deliveries as d
    join webhooks_endpoints as e on e.id = d.endpoint_id
    where d.status = 'pending'
      and d.due_at <= ${now}
      and (d.leased_until is null or d.leased_until <= ${now})
      and (e.status = 'enabled' or d.is_test)
    limit 1
  `.execute(executor);
  return rows.length > 0;
}

interface EndedTry {
  id: string;
  organizationId: string;
  number: number;
  outcome: SendOutcome;
  durationMs: number;
  status: 'pending' | 'delivered' | 'failed';
  dueAt: Date | null;
}

/**
 * Ends a try and says how it goes on; answers false where another try has begun since, or the delivery is gone.
 * @scope row: of a delivery that was taken.
 */
export async function endTry(transaction: Transaction, ended: EndedTry): Promise<boolean> {
  const { id, organizationId, number, outcome, durationMs } = ended;
  const updated = await sql`
    update webhooks_deliveries
    set status = ${ended.status},
      due_at = ${ended.dueAt},
      response_status = ${outcome.responseStatus},
      leased_until = null
    where id = ${id}
      and organization_id = ${organizationId}
      and tries = ${number}
      and status = 'pending'
      and leased_until is not null
  `.execute(transaction);
  await sql`
    update webhooks_tries
    set outcome = ${outcome.kind},
      response_status = ${outcome.responseStatus},
      response_excerpt = ${outcome.excerpt},
      error = ${outcome.error},
      duration_ms = ${durationMs}
    where delivery_id = ${id} and number = ${number}
  `.execute(transaction);
  return updated.numAffectedRows === 1n;
}
