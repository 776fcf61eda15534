/** SQL about keys that were moved here from another system. */
import { sql } from 'kysely';
import { plainArray, textArray } from '../../../platform/database/array-literal.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import type { KeyLimits } from '../core/api-key.ts';

export interface MovedKey extends KeyLimits {
  id: string;
  organizationId: string;
  /** Who holds it. */
  userId: string;
  name: string;
  secretHash: string;
  scheme: string;
  prefix: string;
  expiresAt: Date | null;
  createdAt: Date;
}

/** Inserts many; answers the ids of those whose secret nobody has here yet. */
export async function insertMovedKeys(
  transaction: Transaction,
  keys: readonly MovedKey[],
): Promise<Set<string>> {
  const texts = (read: (key: MovedKey) => string | null) => textArray(keys.map(read));
  const instants = (read: (key: MovedKey) => Date | null) =>
    plainArray(keys.map((key) => read(key)?.toISOString() ?? null));
  const numbers = (read: (key: MovedKey) => bigint | number | null) => plainArray(keys.map(read));
  const lists = (read: (key: MovedKey) => readonly string[] | null) =>
    texts((key) => {
      const list = read(key);
      return list === null ? null : textArray(list);
    });
  const { rows } = await sql<{ id: string }>`
    insert into identity_api_keys
      (id, organization_id, created_by, name, secret_hash, hash_scheme, calls_only, prefix, allowed_models, ip_allowlist,
       requests_per_minute, concurrency, spend_cap_day, spend_cap_month, spend_cap_total, tags, expires_at, created_at)
    select k.id, k.organization_id, k.user_id, k.name, k.hash, k.scheme, true, k.prefix, k.models::text[], k.ips::text[],
      k.rpm, k.concurrency, k.cap_day, k.cap_month, k.cap_total, k.tags::text[], k.expires_at, k.created_at
    from unnest(
      ${texts((key) => key.id)}::text[], ${texts((key) => key.organizationId)}::text[],
      ${texts((key) => key.userId)}::text[], ${texts((key) => key.name)}::text[],
      ${texts((key) => key.secretHash)}::text[], ${texts((key) => key.scheme)}::text[],
      ${texts((key) => key.prefix)}::text[], ${lists((key) => key.allowedModels)}::text[],
      ${lists((key) => key.ipAllowlist)}::text[], ${numbers((key) => key.rates.requestsPerMinute)}::integer[],
      ${numbers((key) => key.rates.concurrency)}::integer[], ${numbers((key) => key.spendCaps.day)}::bigint[],
      ${numbers((key) => key.spendCaps.month)}::bigint[], ${numbers((key) => key.spendCaps.total)}::bigint[],
      ${lists((key) => key.tags)}::text[], ${instants((key) => key.expiresAt)}::timestamptz[],
      ${instants((key) => key.createdAt)}::timestamptz[]
    ) as k (
      id, organization_id, user_id, name, hash, scheme, prefix, models, ips, rpm, concurrency, cap_day, cap_month,
      cap_total, tags, expires_at, created_at
    )
    on conflict do nothing
    returning id
  `.execute(transaction);
  return new Set(rows.map(({ id }) => id));
}
