/** SQL of reported events. */
import { sql } from 'kysely';
import { instantArray, plainArray, textArray } from '../../platform/database/array-literal.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';

/** An event as it is kept. */
export interface NewEvent {
  /** Of the application and the event's id, so that it counts once. */
  key: string;
  eventId: string;
  /** Empty where no application reported it. */
  applicationId: string;
  organizationId: string;
  meterId: string;
  apiKeyId: string | null;
  userId: string | null;
  costCenterId: string | null;
  tags: readonly string[];
  quantity: bigint;
  value: string | null;
  properties: string | null;
  occurredAt: Date;
  /** Key of the event in whose place it stands. */
  corrected: string | null;
}

/** Why an event was not taken. */
export type IngestNote = 'duplicate' | 'event_unknown' | 'event_differs' | 'event_corrected';

/** Takes a batch in one transaction; answers notes by the places of the events that were not taken. No key occurs twice. */
export async function ingestEvents(
  executor: Executor,
  events: readonly NewEvent[],
  receivedAt: Date,
): Promise<Map<number, IngestNote>> {
  const column = <T>(pick: (event: NewEvent) => T) => events.map(pick);
  const { rows } = await sql<{ note_positions: number[] | null; notes: IngestNote[] | null }>`
    select note_positions, notes
    from ${storedFunction('metering_ingest')}(
      ${plainArray(column(({ key }) => key))}::uuid[],
      ${textArray(column(({ eventId }) => eventId))}::text[],
      ${textArray(column(({ applicationId }) => applicationId))}::text[],
      ${textArray(column(({ organizationId }) => organizationId))}::text[],
      ${textArray(column(({ meterId }) => meterId))}::text[],
      ${textArray(column(({ apiKeyId }) => apiKeyId))}::text[],
      ${textArray(column(({ userId }) => userId))}::text[],
      ${textArray(column(({ costCenterId }) => costCenterId))}::text[],
      ${textArray(column(({ tags }) => tags.join(',')))}::text[],
      ${plainArray(column(({ quantity }) => quantity))}::bigint[],
      ${textArray(column(({ value }) => value))}::text[],
      ${textArray(column(({ properties }) => properties))}::text[],
      ${instantArray(column(({ occurredAt }) => occurredAt))}::timestamptz[],
      ${plainArray(column(({ corrected }) => corrected))}::uuid[],
      ${receivedAt}
    )
  `.execute(executor);
  const [{ note_positions: positions, notes } = { note_positions: null, notes: null }] = rows;
  return new Map(
    (positions ?? []).map((position, at) => [position - 1, (notes ?? [])[at] as IngestNote]),
  );
}

/** Claims the key of a reported call; answers when it was said to have happened first. */
export async function claimKey(
  executor: Executor,
  key: string,
  at: { occurredAt: Date; receivedAt: Date },
): Promise<Date> {
  const claimed = await sql`
    insert into metering_event_keys (key, occurred_at, received_at)
    values (${key}, ${at.occurredAt}, ${at.receivedAt})
    on conflict (key) do nothing
  `.execute(executor);
  if (claimed.numAffectedRows === 1n) return at.occurredAt;
  const { rows } = await sql<{ occurred_at: Date }>`
    select occurred_at
    from metering_event_keys
    where key = ${key}
  `.execute(executor);
  return rows[0]?.occurred_at ?? at.occurredAt;
}

export interface EventRow {
  key: string;
  event_id: string;
  application_id: string;
  meter_id: string;
  api_key_id: string | null;
  user_id: string | null;
  cost_center_id: string | null;
  tags: string[];
  quantity: bigint;
  value: string | null;
  properties: Record<string, unknown> | null;
  occurred_at: Date;
  received_at: Date;
  superseded_by: string | null;
}

export interface EventFilter {
  organizationId: string;
  meterId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Only what comes after this event in the list. */
  before?: { occurredAt: Date; key: string } | undefined;
  limit: number;
}

/** Reported events, the latest that happened first. */
export async function listEvents(executor: Executor, filter: EventFilter): Promise<EventRow[]> {
  const { before } = filter;
  const { rows } = await sql<EventRow>`
    select key, event_id, application_id, meter_id, api_key_id, user_id, cost_center_id, tags, quantity, value,
      properties, occurred_at, received_at, superseded_by
    from metering_events
    where organization_id = ${filter.organizationId}
      and ${filter.meterId === undefined ? sql`true` : sql`meter_id = ${filter.meterId}`}
      and ${filter.from === undefined ? sql`true` : sql`occurred_at >= ${filter.from}`}
      and ${filter.to === undefined ? sql`true` : sql`occurred_at < ${filter.to}`}
      and ${before === undefined ? sql`true` : sql`(occurred_at, key) < (${before.occurredAt}, ${before.key})`}
    order by occurred_at desc, key desc
    limit ${filter.limit}
  `.execute(executor);
  return rows;
}

/**
 * Events of a meter, and what calls used of it, up to an instant in the order of their happening: for what depends on how
 * long each stood.
 * @scope row: of periods that were found for their organization.
 */
export async function listQuantities(
  executor: Executor,
  filter: {
    organizationId: string | undefined;
    meterId: string;
    applicationId: string | undefined;
    until: Date;
  },
): Promise<WeighedEvent[]> {
  const { organizationId, applicationId } = filter;
  const isOf = (alias: string) => sql`
    ${organizationId === undefined ? sql`true` : sql`${sql.ref(alias)}.organization_id = ${organizationId}`}
      and ${applicationId === undefined ? sql`true` : sql`${sql.ref(alias)}.application_id = ${applicationId}`}
  `;
  const { rows } = await sql<WeighedEvent>`
    select e.organization_id, e.application_id, coalesce(e.api_key_id, '') as api_key_id,
      coalesce(e.user_id, '') as user_id, coalesce(e.cost_center_id, '') as cost_center_id, e.tags, e.quantity, e.occurred_at
    from metering_events e
    where e.meter_id = ${filter.meterId}
      and e.superseded_by is null
      and e.occurred_at < ${filter.until}
      and ${isOf('e')}
    union all
    select u.organization_id, coalesce(u.application_id, ''), coalesce(u.api_key_id, ''), coalesce(u.user_id, ''),
      coalesce(u.cost_center_id, ''), u.tags, m.quantity, u.authorized_at
    from metering_usage u
    cross join unnest(u.meter_ids, u.quantities) as m (meter_id, quantity)
    where u.meter_ids is not null
      and m.meter_id = ${filter.meterId}
      and u.authorized_at < ${filter.until}
      and ${isOf('u')}
    order by occurred_at
  `.execute(executor);
  return rows;
}

export interface WeighedEvent {
  organization_id: string;
  application_id: string;
  api_key_id: string;
  user_id: string;
  cost_center_id: string;
  tags: string[];
  quantity: bigint;
  occurred_at: Date;
}

/** Forgets keys of events that would be refused for their age anyway; answers how many. */
export async function deleteKeysBefore(
  executor: Executor,
  before: Date,
  limit: number,
): Promise<number> {
  const deleted = await sql`
    delete from metering_event_keys
    where key in (
      select key
      from metering_event_keys
      where received_at < ${before}
        and occurred_at < ${before}
      limit ${limit}
    )
  `.execute(executor);
  return Number(deleted.numAffectedRows ?? 0n);
}
