/** SQL about API keys. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { ApiKey, KeyLimits } from '../core/api-key.ts';
import type { OrganizationStatus } from '../core/people.ts';

const columns = sql`
  k.id, k.organization_id as "organizationId", k.name, k.prefix, k.allowed_models as "allowedModels",
  k.application_id as "applicationId", k.ip_allowlist as "ipAllowlist",
  jsonb_build_object(
    'requestsPerMinute', k.requests_per_minute, 'tokensPerMinute', k.tokens_per_minute, 'concurrency', k.concurrency
  ) as rates,
  k.spend_cap_day as "capDay", k.spend_cap_month as "capMonth", k.spend_cap_total as "capTotal", k.tags,
  k.previous_expires_at as "previousExpiresAt", k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
  k.created_at as "createdAt", k.revoked_at as "revokedAt",
  jsonb_build_object('id', coalesce(k.holder_id, k.created_by), 'name', u.name, 'email', u.email) as holder,
  case when c.id is not null then
    jsonb_build_object('id', c.id, 'code', c.code, 'name', c.name, 'inherited', k.cost_center_id is null)
  end as "costCenter"
`;

/** Whoever holds it may have left: then it is nobody's cost center. */
const assigned = sql`
  left join identity_users as u on u.id = coalesce(k.holder_id, k.created_by)
  left join identity_members as m on m.user_id = u.id and m.organization_id = k.organization_id
  left join identity_cost_centers as c on c.id = coalesce(k.cost_center_id, m.cost_center_id)
`;

interface ApiKeyRow extends Omit<ApiKey, 'spendCaps'> {
  capDay: bigint | null;
  capMonth: bigint | null;
  capTotal: bigint | null;
}

function toApiKey({ capDay, capMonth, capTotal, ...row }: ApiKeyRow): ApiKey {
  return { ...row, spendCaps: { day: capDay, month: capMonth, total: capTotal } };
}

export interface NewApiKey extends KeyLimits {
  id: string;
  organizationId: string;
  createdBy: string;
  /** Null: who made it. */
  holderId: string | null;
  /** Its own. */
  costCenterId: string | null;
  name: string;
  secretHash: string;
  prefix: string;
  expiresAt: Date | null;
  createdAt: Date;
}

export async function insertApiKey(transaction: Transaction, key: NewApiKey): Promise<ApiKey> {
  const { rates, spendCaps } = key;
  await sql`
    insert into identity_api_keys
      (id, organization_id, created_by, holder_id, cost_center_id, name, secret_hash, prefix, allowed_models,
       application_id, ip_allowlist, requests_per_minute, tokens_per_minute, concurrency, spend_cap_day,
       spend_cap_month, spend_cap_total, tags, expires_at, created_at)
    values
      (${key.id}, ${key.organizationId}, ${key.createdBy}, ${key.holderId}, ${key.costCenterId}, ${key.name},
       ${key.secretHash}, ${key.prefix},
       ${key.allowedModels}::text[], ${key.applicationId}, ${key.ipAllowlist}::text[],
       ${rates.requestsPerMinute}, ${rates.tokensPerMinute}, ${rates.concurrency},
       ${spendCaps.day}, ${spendCaps.month}, ${spendCaps.total}, ${key.tags}::text[],
       ${key.expiresAt}, ${key.createdAt})
  `.execute(transaction);
  return (await lockApiKey(transaction, key)) as ApiKey;
}

export async function countLiveKeys(executor: Executor, organizationId: string): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from identity_api_keys
    where organization_id = ${organizationId} and revoked_at is null
  `.execute(executor);
  return Number(rows[0]?.count ?? 0n);
}

export interface KeyPage {
  organizationId: string;
  holderId?: string | undefined;
  /** `none`: of no cost center. */
  costCenterId?: string | undefined;
  before: string | undefined;
  limit: number;
}

/** Keys of an organization, newest first. */
export async function findApiKeys(executor: Executor, page: KeyPage): Promise<ApiKey[]> {
  const { rows } = await sql<ApiKeyRow>`
    select ${columns}
    from identity_api_keys as k ${assigned}
    where k.organization_id = ${page.organizationId}
      and ${page.holderId === undefined ? sql`true` : sql`coalesce(k.holder_id, k.created_by) = ${page.holderId}`}
      and ${page.costCenterId === undefined ? sql`true` : sql`coalesce(c.id, 'none') = ${page.costCenterId}`}
      and (${page.before ?? null}::text is null or k.id < ${page.before ?? null})
    order by k.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows.map(toApiKey);
}

export async function lockApiKey(
  transaction: Transaction,
  key: { id: string; organizationId: string },
): Promise<ApiKey | undefined> {
  const { rows } = await sql<ApiKeyRow>`
    select ${columns}
    from identity_api_keys as k ${assigned}
    where k.id = ${key.id} and k.organization_id = ${key.organizationId}
    for update of k
  `.execute(transaction);
  return rows[0] && toApiKey(rows[0]);
}

/** @scope row: its operation found it in scope. */
export async function updateApiKeyRow(transaction: Transaction, key: ApiKey): Promise<void> {
  const { rates, spendCaps } = key;
  await sql`
    update identity_api_keys
    set name = ${key.name}, allowed_models = ${key.allowedModels}::text[], expires_at = ${key.expiresAt},
      application_id = ${key.applicationId}, ip_allowlist = ${key.ipAllowlist}::text[],
      requests_per_minute = ${rates.requestsPerMinute}, tokens_per_minute = ${rates.tokensPerMinute},
      concurrency = ${rates.concurrency}, spend_cap_day = ${spendCaps.day}, spend_cap_month = ${spendCaps.month},
      spend_cap_total = ${spendCaps.total}, tags = ${key.tags}::text[], revoked_at = ${key.revokedAt}
    where id = ${key.id}
  `.execute(transaction);
}

/**
 * Hands a key to a member, and books it under a cost center of its own, or its holder's where that is null.
 * @scope row: its operation found it in scope.
 */
export async function assignKey(
  transaction: Transaction,
  key: { id: string; holderId: string; costCenterId: string | null },
): Promise<void> {
  await sql`
    update identity_api_keys
    set holder_id = nullif(${key.holderId}, created_by), cost_center_id = ${key.costCenterId}
    where id = ${key.id}
  `.execute(transaction);
}

/**
 * Gives a key a new secret; the one before works until the instant, any older one no longer.
 * @scope row: its operation found it in scope.
 */
export async function rotateSecret(
  transaction: Transaction,
  key: { id: string; secretHash: string; prefix: string; previousExpiresAt: Date },
): Promise<void> {
  await sql`
    update identity_api_keys
    set previous_secret_hash = secret_hash, previous_hash_scheme = hash_scheme,
      previous_expires_at = ${key.previousExpiresAt},
      secret_hash = ${key.secretHash}, hash_scheme = 'sha256', prefix = ${key.prefix}
    where id = ${key.id}
  `.execute(transaction);
}

export interface KeyRow {
  apiKeyId: string;
  organizationId: string;
  /** Who holds it. */
  userId: string;
  /** Its own, or its holder's. */
  costCenterId: string | null;
  /** Null: it may be used with any. */
  applicationId: string | null;
  revokedAt: Date | null;
  organizationStatus: OrganizationStatus;
  organizationPastDueSince: Date | null;
  /** Of who made it. */
  personStatus: 'active' | 'suspended';
  /** Of the secret that was asked for: one from before a rotation expires earlier than the key. */
  expiresAt: Date | null;
  allowedModels: string[] | null;
  ipAllowlist: string[] | null;
  requestsPerMinute: number | null;
  tokensPerMinute: bigint | null;
  concurrency: number | null;
  tags: string[];
  callsOnly: boolean;
}

const keyColumns = sql`
  k.id as "apiKeyId", k.organization_id as "organizationId",
  coalesce(k.holder_id, k.created_by) as "userId", coalesce(k.cost_center_id, m.cost_center_id) as "costCenterId",
  k.application_id as "applicationId", k.revoked_at as "revokedAt", o.status as "organizationStatus",
  o.past_due_since as "organizationPastDueSince", coalesce(u.status, 'active') as "personStatus", k.allowed_models as "allowedModels",
  k.ip_allowlist as "ipAllowlist", k.requests_per_minute as "requestsPerMinute", k.tokens_per_minute as "tokensPerMinute", k.concurrency, k.tags,
  k.calls_only as "callsOnly"
`;

const holderOfKey = sql`
  left join identity_users as u on u.id = coalesce(k.holder_id, k.created_by)
  left join identity_members as m on m.user_id = u.id and m.organization_id = k.organization_id
`;

/**
 * What the hot path must know of the key with this secret.
 * @scope secret: whoever has the secret has the key.
 */
export async function findKeyBySecret(
  executor: Executor,
  { scheme, hash }: { scheme: string; hash: string },
): Promise<KeyRow | undefined> {
  const { rows } = await sql<KeyRow>`
    select ${keyColumns}, case
      when k.secret_hash = ${hash} then k.expires_at
      else least(k.expires_at, k.previous_expires_at)
    end as "expiresAt"
    from identity_api_keys as k
    join identity_organizations as o on o.id = k.organization_id ${holderOfKey}
    where (k.secret_hash = ${hash} and k.hash_scheme = ${scheme})
      or (k.previous_secret_hash = ${hash} and k.previous_hash_scheme = ${scheme})
  `.execute(executor);
  return rows[0];
}

/**
 * The same of the key with this id.
 * @scope caller: answers whose it is; access compares, an application asks for any customer.
 */
export async function findKeyById(executor: Executor, id: string): Promise<KeyRow | undefined> {
  const { rows } = await sql<KeyRow>`
    select ${keyColumns}, k.expires_at as "expiresAt"
    from identity_api_keys as k
    join identity_organizations as o on o.id = k.organization_id ${holderOfKey}
    where k.id = ${id}
  `.execute(executor);
  return rows[0];
}

/**
 * Moves the last use of many keys on, in one statement; rows in the order of their ids, as every writer takes them.
 * @scope job: notes the last uses of all keys at once.
 */
export async function touchKeys(
  executor: Executor,
  uses: ReadonlyMap<string, Date>,
): Promise<void> {
  const ids = [...uses.keys()].sort();
  const instants = ids.map((id) => uses.get(id)?.toISOString() ?? null);
  await sql`
    with used as (
      select k.id, u.at
      from unnest(${ids}::text[], ${instants}::timestamptz[]) as u (id, at)
      join identity_api_keys as k on k.id = u.id
      order by k.id
      for update of k
    )
    update identity_api_keys as k
    set last_used_at = greatest(k.last_used_at, used.at)
    from used
    where k.id = used.id
  `.execute(executor);
}

/** Revokes every key of an organization; answers how many. */
export async function revokeKeysOf(
  transaction: Transaction,
  { organizationId, at }: { organizationId: string; at: Date },
): Promise<number> {
  const revoked = await sql`
    update identity_api_keys
    set revoked_at = ${at}
    where organization_id = ${organizationId} and revoked_at is null
  `.execute(transaction);
  return Number(revoked.numAffectedRows ?? 0n);
}
