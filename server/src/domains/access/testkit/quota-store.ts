/** Meters and quotas on them, for tests of access. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { lockFunds } from '../../ledger/index.ts';
import type { QuotaState } from '../core/commands.ts';

export interface QuotaTerms {
  meterId: string;
  window: QuotaState['window'];
  limit: bigint | null;
  isHard?: boolean;
  apiKeyId?: string;
  userId?: string;
  costCenterId?: string;
  anchorAt?: Date;
  endsAt?: Date;
}

export interface MeterTerms {
  requiresQuota?: boolean;
  isLevel?: boolean;
}

export async function insertMeter(
  executor: Executor,
  aggregation: string,
  now: Date,
  { requiresQuota = false, isLevel = false }: MeterTerms = {},
): Promise<string> {
  const id = newId('mtr', now);
  await sql`
    insert into catalog_meters (
      id, application_id, key, name, aggregation, unit, kind, property, requires_quota, status, created_at, updated_at
    )
    values (
      ${id}, ${id}, 'analyses', 'Analyses', ${aggregation}, 'count', ${isLevel ? 'level' : 'flow'},
      ${aggregation === 'unique' ? 'patient' : null}, ${requiresQuota}, 'active', ${now}, ${now}
    )
  `.execute(executor);
  return id;
}

/** Makes a quota; one that is there already stays as it is. */
export async function insertQuota(
  transaction: Transaction,
  organizationId: string,
  terms: QuotaTerms,
  now: Date,
): Promise<string> {
  const { meterId, window, limit, isHard = true } = terms;
  const id = newId('qta', now);
  const subject = subjectOf(organizationId, terms);
  const endsAt = terms.endsAt ?? 'infinity';
  await lockFunds(transaction, organizationId);
  await sql`
    insert into entitlements_quotas (
      id, organization_id, subject_kind, subject_id, meter_id, aggregation, is_level, "window", anchor_at, time_zone,
      limit_amount, is_hard, is_in_force, changes_at, created_at
    )
    select ${id}, f.organization_id, ${subject.kind}, ${subject.id}, m.id, m.aggregation,
      m.kind = 'level', ${window}, ${terms.anchorAt ?? null}, f.time_zone, ${limit}, ${isHard}, true, ${endsAt}, ${now}
    from ledger_organizations f, catalog_meters m
    where f.organization_id = ${organizationId}
      and m.id = ${meterId}
    on conflict do nothing
  `.execute(transaction);
  const { rows } = await sql<{ id: string }>`
    select id
    from entitlements_quotas
    where organization_id = ${organizationId}
      and subject_kind = ${subject.kind}
      and subject_id = ${subject.id}
      and meter_id = ${meterId}
      and "window" = ${window}
      and anchor_at is not distinct from ${terms.anchorAt ?? null}
  `.execute(transaction);
  if (rows[0]?.id !== id) return rows[0]?.id ?? '';
  await sql`
    insert into entitlements_quota_sources (quota_id, source, source_id, limit_amount, is_hard, starts_at, ends_at)
    values (${id}, 'plan', 'pln_fixture', ${limit}, ${isHard}, ${now}, ${endsAt})
  `.execute(transaction);
  return id;
}

function subjectOf(
  organizationId: string,
  { apiKeyId, userId, costCenterId }: QuotaTerms,
): { kind: QuotaState['subjectKind']; id: string } {
  if (apiKeyId) return { kind: 'api_key', id: apiKeyId };
  if (userId) return { kind: 'member', id: userId };
  if (costCenterId) return { kind: 'cost_center', id: costCenterId };
  return { kind: 'organization', id: organizationId };
}
