/** Rows of other domains that reported usage needs, written straight. */
import { sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

const meters = [
  { key: 'analyses', aggregation: 'count', unit: 'count', kind: 'flow' },
  { key: 'pages', aggregation: 'sum', unit: 'count', kind: 'flow' },
  { key: 'seats', aggregation: 'max', unit: 'count', kind: 'flow' },
  { key: 'visitors', aggregation: 'unique', unit: 'count', kind: 'flow', property: 'user' },
  { key: 'version', aggregation: 'latest', unit: 'count', kind: 'flow' },
  { key: 'storage', aggregation: 'sum', unit: 'gb', kind: 'level' },
  { key: 'instances', aggregation: 'weighted_sum', unit: 'count', kind: 'level' },
];

/** A meter of each aggregation. */
export async function insertMeters(executor: Executor, applicationId: string): Promise<void> {
  for (const { key, aggregation, unit, kind, property } of meters) {
    await sql`
      insert into catalog_meters (
        id, application_id, application_slug, key, name, aggregation, unit, kind, property, requires_quota,
        status, created_at, updated_at
      )
      values (
        ${`mtr_${key}`}, ${applicationId}, 'medical', ${key}, ${key}, ${aggregation}, ${unit}, ${kind},
        ${property ?? null}, false, 'active', 'epoch', 'epoch'
      )
    `.execute(executor);
  }
}

export async function insertOrganization(
  executor: Executor,
  id: string,
  timeZone: string,
): Promise<void> {
  await sql`
    insert into identity_organizations (id, name, status, time_zone, created_at)
    values (${id}, 'Clinic', 'active', ${timeZone}, '2026-01-01T00:00:00Z')
  `.execute(executor);
  await sql`
    update ledger_organizations
    set time_zone = ${timeZone}
    where organization_id = ${id}
  `.execute(executor);
}
