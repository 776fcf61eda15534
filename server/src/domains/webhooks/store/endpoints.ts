/** SQL about endpoints. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

export type DisabledReason = 'by_member' | 'failing' | 'gone';

export interface Endpoint {
  id: string;
  organizationId: string;
  url: string;
  description: string;
  /** Names of events; null: every one. */
  events: string[] | null;
  status: 'enabled' | 'disabled';
  disabledReason: DisabledReason | null;
  sealedSecret: string;
  sealedPreviousSecret: string | null;
  previousExpiresAt: Date | null;
  failingSince: Date | null;
  createdAt: Date;
}

const columns = sql`
  e.id, e.organization_id as "organizationId", e.url, e.description, e.events, e.status,
  e.disabled_reason as "disabledReason", e.sealed_secret as "sealedSecret",
  e.sealed_previous_secret as "sealedPreviousSecret", e.previous_expires_at as "previousExpiresAt",
  e.failing_since as "failingSince", e.created_at as "createdAt"
`;

/** One organization's endpoints are counted and added by one request at a time. */
export async function lockEndpointsOf(
  transaction: Transaction,
  organizationId: string,
): Promise<number> {
  const name = `webhooks:endpoints:${organizationId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from webhooks_endpoints
    where organization_id = ${organizationId}
  `.execute(transaction);
  return rows[0]?.count ?? 0;
}

export async function insertEndpoint(transaction: Transaction, endpoint: Endpoint): Promise<void> {
  await sql`
    insert into webhooks_endpoints (
      id, organization_id, url, description, events, status, disabled_reason, sealed_secret, sealed_previous_secret,
      previous_expires_at, failing_since, created_at
    )
    values (
      ${endpoint.id}, ${endpoint.organizationId}, ${endpoint.url}, ${endpoint.description}, ${endpoint.events},
      ${endpoint.status}, ${endpoint.disabledReason}, ${endpoint.sealedSecret}, ${endpoint.sealedPreviousSecret},
      ${endpoint.previousExpiresAt}, ${endpoint.failingSince}, ${endpoint.createdAt}
    )
  `.execute(transaction);
}

/** Newest first. */
export async function listEndpoints(
  executor: Executor,
  page: { organizationId: string; before: string | undefined; limit: number },
): Promise<Endpoint[]> {
  const { before = null } = page;
  const { rows } = await sql<Endpoint>`
    select ${columns}
    from webhooks_endpoints as e
    where e.organization_id = ${page.organizationId}
      and (${before}::text is null or e.id < ${before})
    order by e.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export interface EndpointReference {
  id: string;
  organizationId: string;
}

export async function findEndpoint(
  executor: Executor,
  { id, organizationId }: EndpointReference,
): Promise<Endpoint | undefined> {
  const { rows } = await sql<Endpoint>`
    select ${columns}
    from webhooks_endpoints as e
    where e.id = ${id} and e.organization_id = ${organizationId}
  `.execute(executor);
  return rows[0];
}

/** Within the transaction nobody else changes it; deliveries to it may be added. */
export async function lockEndpoint(
  transaction: Transaction,
  { id, organizationId }: EndpointReference,
): Promise<Endpoint | undefined> {
  const { rows } = await sql<Endpoint>`
    select ${columns}
    from webhooks_endpoints as e
    where e.id = ${id} and e.organization_id = ${organizationId}
    for no key update
  `.execute(transaction);
  return rows[0];
}

export async function saveEndpoint(transaction: Transaction, endpoint: Endpoint): Promise<void> {
  await sql`
    update webhooks_endpoints
    set url = ${endpoint.url},
      description = ${endpoint.description},
      events = ${endpoint.events},
      status = ${endpoint.status},
      disabled_reason = ${endpoint.disabledReason},
      sealed_secret = ${endpoint.sealedSecret},
      sealed_previous_secret = ${endpoint.sealedPreviousSecret},
      previous_expires_at = ${endpoint.previousExpiresAt},
      failing_since = ${endpoint.failingSince}
    where id = ${endpoint.id} and organization_id = ${endpoint.organizationId}
  `.execute(transaction);
}

/** With everything that was sent there. */
export async function deleteEndpoint(
  transaction: Transaction,
  { id, organizationId }: EndpointReference,
): Promise<void> {
  await sql`
    delete from webhooks_endpoints
    where id = ${id} and organization_id = ${organizationId}
  `.execute(transaction);
}

/** All of an organization, with everything that was sent there. */
export async function deleteEndpointsOf(
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  await sql`
    delete from webhooks_endpoints
    where organization_id = ${organizationId}
  `.execute(transaction);
}

export async function hasEndpoints(executor: Executor, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`
    select 1 as one
    from webhooks_endpoints
    where organization_id = ${organizationId}
      and status = 'enabled'
    limit 1
  `.execute(executor);
  return rows.length > 0;
}

/** Ids of the endpoints that were there for an event and are told of it; they stay until the transaction is over. */
export async function findListening(
  transaction: Transaction,
  { organizationId, event, at }: { organizationId: string; event: string; at: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.id
    from webhooks_endpoints as e
    where e.organization_id = ${organizationId}
      and e.status = 'enabled'
      and (e.events is null or ${event} = any (e.events))
      and e.created_at <= ${at}
    order by e.id
    for key share
  `.execute(transaction);
  return rows.map(({ id }) => id);
}

/** Something was taken there. */
export async function markTaking(
  transaction: Transaction,
  { id, organizationId }: EndpointReference,
): Promise<void> {
  await sql`
    update webhooks_endpoints
    set failing_since = null
    where id = ${id}
      and organization_id = ${organizationId}
      and failing_since is not null
  `.execute(transaction);
}

/** Something was not taken there; answers since when nothing was, or undefined where the endpoint is gone or off. */
export async function markFailing(
  transaction: Transaction,
  { id, organizationId, at }: EndpointReference & { at: Date },
): Promise<Date | undefined> {
  const { rows } = await sql<{ since: Date }>`
    update webhooks_endpoints
    set failing_since = coalesce(failing_since, ${at})
    where id = ${id}
      and organization_id = ${organizationId}
      and status = 'enabled'
    returning failing_since as since
  `.execute(transaction);
  return rows[0]?.since;
}
