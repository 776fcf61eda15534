/** SQL about the mail domains of organizations. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { ProviderRow } from './sign-in-providers.ts';

export interface SsoDomainRow {
  domain: string;
  token: string;
  provenAt: Date | null;
}

export async function findDomains(
  executor: Executor,
  organizationId: string,
): Promise<SsoDomainRow[]> {
  const { rows } = await sql<SsoDomainRow>`
    select domain, token, proven_at as "provenAt"
    from identity_sso_domains
    where organization_id = ${organizationId}
    order by domain
    limit 100
  `.execute(executor);
  return rows;
}

export async function insertDomain(
  transaction: Transaction,
  domain: { organizationId: string; domain: string; token: string; at: Date },
): Promise<void> {
  await sql`
    insert into identity_sso_domains (organization_id, domain, token, created_at)
    values (${domain.organizationId}, ${domain.domain}, ${domain.token}, ${domain.at})
    on conflict do nothing
  `.execute(transaction);
}

export async function deleteDomain(
  transaction: Transaction,
  { organizationId, domain }: { organizationId: string; domain: string },
): Promise<void> {
  await sql`
    delete from identity_sso_domains
    where organization_id = ${organizationId} and domain = ${domain}
  `.execute(transaction);
}

/** Answers false where another organization has proven the domain. */
export async function markDomainProven(
  transaction: Transaction,
  { organizationId, domain, at }: { organizationId: string; domain: string; at: Date },
): Promise<boolean> {
  // Of two that prove it at once the second waits here, then finds the first's.
  const name = `identity:sso-domain:${domain}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
  const marked = await sql`
    update identity_sso_domains
    set proven_at = coalesce(proven_at, ${at})
    where organization_id = ${organizationId} and domain = ${domain} and not exists (
      select 1
      from identity_sso_domains
      where domain = ${domain} and proven_at is not null and organization_id <> ${organizationId}
    )
  `.execute(transaction);
  return marked.numAffectedRows === 1n;
}

export interface DomainOwner {
  organizationId: string;
  provider: Pick<ProviderRow, 'id' | 'kind' | 'name' | 'enabled' | 'isRequired'> | null;
}

/**
 * Whose mail domain it is, once proven, and how its people sign in.
 * @scope deployment: a mail domain has one owner, whoever asks.
 */
export async function findDomainOwner(
  executor: Executor,
  domain: string,
): Promise<DomainOwner | undefined> {
  const { rows } = await sql<DomainOwner>`
    select d.organization_id as "organizationId",
      case when p.id is null then null else jsonb_build_object(
        'id', p.id, 'kind', p.kind, 'name', p.name, 'enabled', p.enabled, 'isRequired', p.is_required
      ) end as provider
    from identity_sso_domains as d
    left join identity_providers as p on p.organization_id = d.organization_id
    where d.domain = ${domain} and d.proven_at is not null
  `.execute(executor);
  return rows[0];
}
