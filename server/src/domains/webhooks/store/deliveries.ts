/** SQL about deliveries and their tries, as those read them to whom they belong. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { OutcomeKind } from '../core/outcome.ts';

export interface Delivery {
  id: string;
  endpointId: string;
  organizationId: string;
  messageId: string;
  event: string;
  isTest: boolean;
  status: 'pending' | 'delivered' | 'failed';
  tries: number;
  responseStatus: number | null;
  createdAt: Date;
  dueAt: Date | null;
}

export interface Try {
  number: number;
  startedAt: Date;
  /** Null while it is under way. */
  outcome: OutcomeKind | 'interrupted' | null;
  responseStatus: number | null;
  responseExcerpt: string | null;
  error: string | null;
  durationMs: number | null;
}

const columns = sql`
  d.id, d.endpoint_id as "endpointId", d.organization_id as "organizationId", d.message_id as "messageId", d.event,
  d.is_test as "isTest", d.status, d.tries, d.response_status as "responseStatus", d.created_at as "createdAt",
  d.due_at as "dueAt"
`;

export type NewDelivery = Pick<
  Delivery,
  'id' | 'endpointId' | 'organizationId' | 'messageId' | 'event' | 'isTest' | 'createdAt'
> & { body: string };

/** Due at once; answers false where the endpoint was told of it before. */
export async function insertDelivery(
  transaction: Transaction,
  delivery: NewDelivery,
): Promise<boolean> {
  const inserted = await sql`
    insert into webhooks_deliveries (
      id, endpoint_id, organization_id, message_id, event, is_test, body, status, created_at, due_at
    )
    values (
      ${delivery.id}, ${delivery.endpointId}, ${delivery.organizationId}, ${delivery.messageId}, ${delivery.event},
      ${delivery.isTest}, ${delivery.body}, 'pending', ${delivery.createdAt}, ${delivery.createdAt}
    )
    on conflict (endpoint_id, message_id) do nothing
  `.execute(transaction);
  return inserted.numAffectedRows === 1n;
}

interface DeliveryPage {
  organizationId: string;
  endpointId: string;
  status: Delivery['status'] | undefined;
  event: string | undefined;
  before: string | undefined;
  limit: number;
}

/** Newest first. */
export async function listDeliveries(executor: Executor, page: DeliveryPage): Promise<Delivery[]> {
  const { status = null, event = null, before = null } = page;
  const { rows } = await sql<Delivery>`
    select ${columns}
    from webhooks_deliveries as d
    where d.organization_id = ${page.organizationId}
      and d.endpoint_id = ${page.endpointId}
      and (${status}::text is null or d.status = ${status})
      and (${event}::text is null or d.event = ${event})
      and (${before}::text is null or d.id < ${before})
    order by d.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

interface DeliveryReference {
  id: string;
  organizationId: string;
}

export async function findDelivery(
  executor: Executor,
  { id, organizationId }: DeliveryReference,
): Promise<(Delivery & { body: string }) | undefined> {
  const { rows } = await sql<Delivery & { body: string }>`
    select ${columns}, d.body
    from webhooks_deliveries as d
    where d.id = ${id} and d.organization_id = ${organizationId}
  `.execute(executor);
  return rows[0];
}

/** The latest first. */
export async function listTries(
  executor: Executor,
  { id, organizationId, limit }: DeliveryReference & { limit: number },
): Promise<Try[]> {
  const { rows } = await sql<Try>`
    select t.number, t.started_at as "startedAt", t.outcome, t.response_status as "responseStatus",
      t.response_excerpt as "responseExcerpt", t.error, t.duration_ms as "durationMs"
    from webhooks_tries as t
    join webhooks_deliveries as d on d.id = t.delivery_id
    where t.delivery_id = ${id} and d.organization_id = ${organizationId}
    order by t.number desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** Makes it due, whatever became of it; whoever sends it just now goes on. */
export async function makeDue(
  transaction: Transaction,
  { id, organizationId, at }: DeliveryReference & { at: Date },
): Promise<Delivery | undefined> {
  const { rows } = await sql<Delivery>`
    update webhooks_deliveries as d
    set status = 'pending', due_at = ${at}
    where d.id = ${id} and d.organization_id = ${organizationId}
    returning ${columns}
  `.execute(transaction);
  return rows[0];
}

/**
 * Removes up to so many of those that are older than the instant, sent or not; answers how many.
 * @scope deployment: retention is the same for all.
 */
export async function deleteOldDeliveries(
  executor: Executor,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const removed = await sql`
    delete from webhooks_deliveries
    where id in (
      select id
      from webhooks_deliveries
      where created_at < ${before}
      order by created_at
      limit ${limit}
    )
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}

export async function countTestsSince(
  executor: Executor,
  { id, organizationId, since }: { id: string; organizationId: string; since: Date },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from webhooks_deliveries
    where endpoint_id = ${id}
      and organization_id = ${organizationId}
      and is_test
      and created_at > ${since}
  `.execute(executor);
  return rows[0]?.count ?? 0;
}
