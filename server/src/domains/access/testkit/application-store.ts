/** Rows that access only reads, written straight: its tests need customers with keys, not their sign-up. */
import { sql } from 'kysely';
import { sha256 } from '../../../platform/crypto.ts';
import type { Executor } from '../../../platform/database/pool.ts';

export interface Customer {
  organizationId: string;
  userId: string;
  apiKeyId: string;
  secret: string;
}

export interface KeyRates {
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  concurrency?: number;
}

/** An organization with one member and a key. */
export async function insertCustomer(
  executor: Executor,
  { organizationId, userId, apiKeyId, secret, rates, at }: Customer & { rates: KeyRates; at: Date },
): Promise<void> {
  await sql`
    insert into identity_users
      (id, email, email_verified_at, password_hash, locale, platform_role, status, created_at)
    values (${userId}, ${`${userId}@example.com`}, ${at}, 'none', 'en', 'user', 'active', ${at})
  `.execute(executor);
  await sql`
    insert into identity_organizations (id, name, status, time_zone, created_at)
    values (${organizationId}, 'Clinic', 'active', 'UTC', ${at})
  `.execute(executor);
  await insertMember(executor, { organizationId, userId, at });
  await sql`
    insert into identity_api_keys
      (id, organization_id, created_by, name, secret_hash, prefix, requests_per_minute,
       tokens_per_minute, concurrency, created_at)
    values
      (${apiKeyId}, ${organizationId}, ${userId}, 'key', ${sha256(secret)}, 'sk-',
       ${rates.requestsPerMinute ?? null}, ${rates.tokensPerMinute ?? null},
       ${rates.concurrency ?? null}, ${at})
  `.execute(executor);
}

export async function insertMember(
  executor: Executor,
  member: { organizationId: string; userId: string; at: Date },
): Promise<void> {
  await sql`
    insert into identity_members (organization_id, user_id, role, created_at)
    values (${member.organizationId}, ${member.userId}, 'owner', ${member.at})
  `.execute(executor);
}

export async function insertSubject(
  executor: Executor,
  subject: {
    applicationId: string;
    externalId: string;
    organizationId: string;
    userId: string | null;
    at: Date;
  },
): Promise<void> {
  await sql`
    insert into identity_subjects (application_id, external_id, organization_id, user_id, created_at)
    values (${subject.applicationId}, ${subject.externalId}, ${subject.organizationId},
      ${subject.userId}, ${subject.at})
  `.execute(executor);
}

/** 0.15 and 0.60 dollars per million tokens. */
export async function insertPrice(executor: Executor, at: Date): Promise<void> {
  await sql`
    insert into catalog_model_prices
      (id, model, currency, prices, tiers, effective_from, source, created_at)
    values ('mpr_fixture', 'gpt-4o-mini', 'USD', '{"input": "150000000", "output": "600000000"}', '[]',
      ${at}, 'operator', ${at})
  `.execute(executor);
}
