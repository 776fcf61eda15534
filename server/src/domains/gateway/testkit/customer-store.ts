/** Rows that the gateway only reads, written straight: its tests need customers with keys, not their sign-up. */
import { sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

export interface KeyRates {
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  concurrency?: number;
}

export interface CustomerRow {
  organizationId: string;
  organizationStatus: 'active' | 'past_due' | 'suspended';
  userId: string;
  apiKeyId: string;
  secretHash: string;
  allowedModels: string[] | null;
  expiresAt: Date | null;
  isRevoked: boolean;
  rates: KeyRates;
  at: Date;
}

export async function insertCustomer(executor: Executor, row: CustomerRow): Promise<void> {
  const email = `${row.userId.toLowerCase()}@example.com`;
  await sql`
    insert into identity_users
      (id, email, locale, platform_role, status, password_hash, created_at)
    values (${row.userId}, ${email}, 'en', 'user', 'active', 'none', ${row.at})
  `.execute(executor);
  await sql`
    insert into identity_organizations
      (id, name, personal_user_id, status, past_due_since, time_zone, created_at)
    values
      (${row.organizationId}, 'Acme', ${row.userId}, ${row.organizationStatus},
       ${row.organizationStatus === 'past_due' ? row.at : null}, 'UTC', ${row.at})
  `.execute(executor);
  await sql`
    insert into identity_api_keys
      (id, organization_id, created_by, name, secret_hash, prefix, allowed_models, expires_at,
       requests_per_minute, tokens_per_minute, concurrency, created_at, revoked_at)
    values
      (${row.apiKeyId}, ${row.organizationId}, ${row.userId}, 'test', ${row.secretHash}, 'sk-test',
       ${row.allowedModels}::text[], ${row.expiresAt}, ${row.rates.requestsPerMinute ?? null},
       ${row.rates.tokensPerMinute ?? null}, ${row.rates.concurrency ?? null}, ${row.at},
       ${row.isRevoked ? row.at : null})
  `.execute(executor);
}

export async function countHolds(executor: Executor): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from access_holds
  `.execute(executor);
  return Number(rows[0]?.count);
}

/** When the one hold there is expires, in milliseconds. */
export async function findHoldExpiry(executor: Executor): Promise<number | undefined> {
  const { rows } = await sql<{ expires_at: Date }>`
    select expires_at
    from access_holds
  `.execute(executor);
  return rows[0]?.expires_at.getTime();
}

export interface UsageRow {
  request_id: string;
  outcome: string;
  amount: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  estimated: boolean;
  shortfall: bigint;
  channel_id: string;
}

/** Every bill of an organization, oldest first. */
export async function listUsage(executor: Executor, organizationId: string): Promise<UsageRow[]> {
  const { rows } = await sql<UsageRow>`
    select request_id, outcome, amount, input_tokens, output_tokens, estimated, shortfall, channel_id
    from metering_usage
    where organization_id = ${organizationId}
    order by request_id
  `.execute(executor);
  return rows;
}
