/** SQL of incidents. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Incident, IncidentUpdate } from './core/incident.ts';

type StatusTables = { status_incidents: Incident; status_incident_updates: IncidentUpdate };

const tables = (executor: Executor) => executor.withTables<StatusTables>();
const columns = ['id', 'title', 'state', 'impact', 'models', 'started_at', 'resolved_at'] as const;

export async function insertIncident(transaction: Transaction, incident: Incident): Promise<void> {
  await tables(transaction).insertInto('status_incidents').values(incident).execute();
}

export async function insertUpdate(
  transaction: Transaction,
  update: IncidentUpdate,
): Promise<void> {
  await tables(transaction).insertInto('status_incident_updates').values(update).execute();
}

export async function lockIncident(
  transaction: Transaction,
  id: string,
): Promise<Incident | undefined> {
  return tables(transaction)
    .selectFrom('status_incidents')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export async function saveIncident(
  transaction: Transaction,
  { id, ...changes }: Incident,
): Promise<void> {
  await tables(transaction)
    .updateTable('status_incidents')
    .set(changes)
    .where('id', '=', id)
    .execute();
}

/** The newest first. */
export async function listIncidentRows(
  executor: Executor,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<Incident[]> {
  let query = tables(executor)
    .selectFrom('status_incidents')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}

/** Those that are open, then those that ended since; each the newest first. */
export async function listShownIncidents(
  executor: Executor,
  { since, limit }: { since: Date; limit: number },
): Promise<Incident[]> {
  return tables(executor)
    .selectFrom('status_incidents')
    .select(columns)
    .where((where) =>
      where.or([where('resolved_at', 'is', null), where('resolved_at', '>=', since)]),
    )
    .orderBy(sql`resolved_at is null`, 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Of each incident as many as are shown, the newest first. */
export async function listUpdates(
  executor: Executor,
  { incidentIds, limitEach }: { incidentIds: readonly string[]; limitEach: number },
): Promise<IncidentUpdate[]> {
  if (incidentIds.length === 0) return [];
  const { rows } = await sql<IncidentUpdate>`
    select u.id, u.incident_id, u.state, u.text, u.posted_at
    from unnest(${[...incidentIds]}::text[]) as i (id)
    cross join lateral (
      select id, incident_id, state, text, posted_at
      from status_incident_updates
      where incident_id = i.id
      order by id desc
      limit ${limitEach}
    ) as u
    order by u.id desc
  `.execute(executor);
  return rows;
}
