/** SQL of the ids that applications chose for their calls. */
import { sql } from 'kysely';
import { instantArray, plainArray, textArray } from '../../platform/database/array-literal.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';
import type { AccessRequest } from './core/access-request.ts';

interface RequestRow {
  application_id: string;
  external_id: string;
  request_id: string;
  organization_id: string;
  api_key_id: string | null;
  user_id: string | null;
  cost_center_id: string | null;
  model: string | null;
  price_id: string | null;
  tags: string[];
  worst_case: bigint;
  minimum: bigint;
  tokens: bigint;
  meter_ids: string[];
  quantities: bigint[];
  authorized_at: Date;
}

/** Keeps the requests, and answers those that stood there before. No id occurs twice. */
export async function openRequests(
  executor: Executor,
  requests: readonly AccessRequest[],
): Promise<AccessRequest[]> {
  const column = <T>(read: (request: AccessRequest) => T) => requests.map(read);
  const { rows } = await sql<RequestRow>`
    select application_id, external_id, request_id, organization_id, api_key_id, user_id, cost_center_id, model,
      price_id, tags, worst_case, minimum, tokens, meter_ids, quantities, authorized_at
    from ${storedFunction('access_open_requests')}(
      ${textArray(column(({ applicationId }) => applicationId))}::text[],
      ${textArray(column(({ externalId }) => externalId))}::text[],
      ${plainArray(column(({ requestId }) => requestId))}::text[],
      ${textArray(column(({ organizationId }) => organizationId))}::text[],
      ${textArray(column(({ apiKeyId }) => apiKeyId))}::text[],
      ${textArray(column(({ userId }) => userId))}::text[],
      ${textArray(column(({ costCenterId }) => costCenterId))}::text[],
      ${textArray(column(({ model }) => model))}::text[],
      ${textArray(column(({ priceId }) => priceId))}::text[],
      ${textArray(column(({ tags }) => tags.join(',')))}::text[],
      ${plainArray(column(({ worstCase }) => worstCase))}::bigint[],
      ${plainArray(column(({ minimum }) => minimum))}::bigint[],
      ${plainArray(column(({ tokens }) => tokens))}::bigint[],
      ${textArray(column(({ meters }) => meters.map(({ meterId }) => meterId).join(',')))}::text[],
      ${textArray(column(({ meters }) => meters.map(({ quantity }) => quantity).join(',')))}::text[],
      ${instantArray(column(({ authorizedAt }) => authorizedAt))}::timestamptz[]
    )
  `.execute(executor);
  return rows.map(toRequest);
}

/**
 * The request of that name that an application opened, unless all that is known of it is that it was refused.
 * @scope caller: an application names its own request.
 */
export async function findRequest(
  executor: Executor,
  applicationId: string,
  externalId: string,
): Promise<AccessRequest | undefined> {
  const { rows } = await sql<RequestRow>`
    select application_id, external_id, request_id, organization_id, api_key_id, user_id, cost_center_id, model,
      price_id, tags, worst_case, minimum, tokens, meter_ids, quantities, authorized_at
    from access_requests
    where application_id = ${applicationId}
      and external_id = ${externalId}
      and refused_at is null
  `.execute(executor);
  const [row] = rows;
  return row && toRequest(row);
}

/** Notes that a request was refused, unless somebody who repeated it was permitted meanwhile. */
export async function markRefused(
  executor: Executor,
  { applicationId, externalId, requestId }: AccessRequest,
  at: Date,
): Promise<void> {
  await sql`
    update access_requests
    set refused_at = ${at}
    where application_id = ${applicationId}
      and external_id = ${externalId}
      and request_id = ${requestId}
      and not exists (select from access_holds where request_id = ${requestId})
      and not exists (select from metering_usage where request_id = ${requestId})
      and not exists (select from access_closed_requests where request_id = ${requestId})
  `.execute(executor);
}

/**
 * Takes a refusal back that was noted before a repeat of the request was permitted; false where the id was used anew
 * since.
 * @scope row: of the request that its application opened.
 */
export async function confirmPermitted(
  executor: Executor,
  { applicationId, externalId, requestId }: AccessRequest,
): Promise<boolean> {
  const { rows } = await sql`
    update access_requests
    set refused_at = null
    where application_id = ${applicationId}
      and external_id = ${externalId}
      and request_id = ${requestId}
    returning request_id
  `.execute(executor);
  return rows.length > 0;
}

/**
 * What became of a call: nothing is known of one whose hold was swept.
 * @scope row: of the request that its application opened.
 */
export async function stateOfCall(
  executor: Executor,
  requestId: string,
): Promise<'held' | 'settled' | 'released' | 'swept'> {
  const { rows } = await sql<{ state: 'held' | 'settled' | 'released' | 'swept' }>`
    select case
      when exists (select from access_holds where request_id = ${requestId}) then 'held'
      when exists (select from metering_usage where request_id = ${requestId}) then 'settled'
      when exists (select from access_closed_requests where request_id = ${requestId}) then 'released'
      else 'swept'
    end as state
  `.execute(executor);
  return rows[0]?.state ?? 'swept';
}

/** Notes a call without a hold as released. The caller has locked the organization's funds. */
export async function insertClosed(
  executor: Executor,
  { requestId, organizationId }: AccessRequest,
  closedAt: Date,
): Promise<void> {
  await sql`
    insert into access_closed_requests (request_id, organization_id, closed_at)
    values (${requestId}, ${organizationId}, ${closedAt})
    on conflict do nothing
  `.execute(executor);
}

/**
 * Forgets requests that were authorized before an instant of business time; answers how many.
 * @scope job: forgets what is old, of every customer.
 */
export async function deleteRequestsBefore(
  executor: Executor,
  before: Date,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from access_requests
    where request_id in (
      select request_id
      from access_requests r
      where authorized_at < ${before}
        and not exists (select from access_holds h where h.request_id = r.request_id)
      order by authorized_at
      limit ${limit}
      for update skip locked
    )
  `.execute(executor);
  return Number(numAffectedRows ?? 0n);
}

function toRequest(row: RequestRow): AccessRequest {
  return {
    applicationId: row.application_id,
    externalId: row.external_id,
    requestId: row.request_id,
    organizationId: row.organization_id,
    apiKeyId: row.api_key_id,
    userId: row.user_id,
    costCenterId: row.cost_center_id,
    model: row.model,
    priceId: row.price_id,
    tags: row.tags,
    worstCase: row.worst_case,
    minimum: row.minimum,
    tokens: Number(row.tokens),
    meters: row.meter_ids.map((meterId, index) => ({
      meterId,
      quantity: row.quantities[index] ?? 0n,
    })),
    authorizedAt: row.authorized_at,
  };
}
