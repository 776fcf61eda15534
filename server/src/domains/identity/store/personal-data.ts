/** SQL about everything that identity keeps about a person: what is handed out, and what is erased. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { type OwnedRows, readOwnedRows } from '../../../platform/personal-data.ts';

const byUser = (table: string, key: string, ...without: string[]): OwnedRows => ({
  table,
  owner: 'user_id',
  key,
  without,
});

/** What of the person's own rows is handed out, under which name. */
const ownRows = {
  profile: { table: 'identity_users', owner: 'id', key: 'id', without: ['password_hash'] },
  memberships: byUser('identity_members', 'organization_id'),
  sessions: byUser('identity_sessions', 'id'),
  authenticator: byUser('identity_totp', 'user_id', 'sealed_secret', 'last_step'),
  recovery_codes: byUser('identity_recovery_codes', 'hash', 'hash'),
  passkeys: byUser('identity_passkeys', 'id', 'public_key'),
  mailed_links: byUser('identity_links', 'hash', 'hash'),
  identity_providers: byUser('identity_external_identities', 'id'),
  sightings: byUser('identity_sightings', 'mark', 'mark'),
  names_in_applications: byUser('identity_subjects', 'external_id'),
  keys_created: {
    ...{ table: 'identity_api_keys', owner: 'created_by', key: 'id' },
    without: ['secret_hash', 'previous_secret_hash'],
  },
  keys_held: {
    ...{ table: 'identity_api_keys', owner: 'holder_id', key: 'id' },
    without: ['secret_hash', 'previous_secret_hash'],
  },
  application_keys_created: {
    ...{ table: 'identity_application_keys', owner: 'created_by', key: 'id' },
    without: ['secret_hash'],
  },
  invitations_sent: {
    ...{ table: 'identity_invitations', owner: 'invited_by', key: 'id' },
    without: ['token_hash'],
  },
  support_given: byUser('identity_support_sessions', 'id'),
} as const satisfies Record<string, OwnedRows>;

const organizationRows = {
  own_organization: { table: 'identity_organizations', owner: 'id', key: 'id' },
  own_keys: {
    ...{ table: 'identity_api_keys', owner: 'organization_id', key: 'id' },
    without: ['secret_hash', 'previous_secret_hash'],
  },
  own_notification_rules: {
    ...{ table: 'identity_notification_rules', owner: 'organization_id', key: 'event' },
  },
  own_security_settings: {
    ...{ table: 'identity_security_settings', owner: 'organization_id', key: 'organization_id' },
  },
} as const satisfies Record<string, OwnedRows>;

const emailRows = {
  invitations_received: {
    ...{ table: 'identity_invitations', owner: 'email', key: 'id' },
    without: ['token_hash'],
  },
} as const satisfies Record<string, OwnedRows>;

/** Everything of a person, list by list. */
export function readPersonalData(
  executor: Executor,
  person: { userId: string; email: string; organizationId: string | undefined },
): Record<string, AsyncIterable<unknown>> {
  const lists: [string, OwnedRows, string | undefined][] = [
    ...Object.entries(ownRows).map(([name, rows]) => [name, rows, person.userId] as const),
    ...Object.entries(organizationRows).map(
      ([name, rows]) => [name, rows, person.organizationId] as const,
    ),
    ...Object.entries(emailRows).map(([name, rows]) => [name, rows, person.email] as const),
  ].map(([name, rows, owner]) => [name, rows, owner]);
  return Object.fromEntries(
    lists.flatMap(([name, rows, owner]) =>
      owner === undefined ? [] : [[name, readOwnedRows(executor, rows, owner)]],
    ),
  );
}

/**
 * Organizations of which the person is the only owner, beside the one that came with the account.
 * @scope person: the organizations that somebody owns alone.
 */
export async function findSolelyOwned(
  executor: Executor,
  userId: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select o.id, o.name
    from identity_members as m
    join identity_organizations as o on o.id = m.organization_id
    where m.user_id = ${userId} and m.role = 'owner'
      and o.personal_user_id is distinct from ${userId}
      and not exists (
        select 1
        from identity_members as other
        where other.organization_id = o.id and other.role = 'owner' and other.user_id <> ${userId}
      )
    order by o.id
    limit 10
  `.execute(executor);
  return rows;
}

/** How many other people belong to the person's own organization. */
export async function countOthers(
  executor: Executor,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<number> {
  const { rows } = await sql<{ others: number }>`
    select count(*)::integer as others
    from identity_members as m
    join identity_users as u on u.id = m.user_id
    where m.organization_id = ${organizationId} and m.user_id <> ${userId} and u.guest_of is null
  `.execute(executor);
  return rows[0]?.others ?? 0;
}

/** What signs the person in, and what tells where they were. */
const erasedTables = [
  'identity_totp',
  'identity_recovery_codes',
  'identity_passkeys',
  'identity_passkey_challenges',
  'identity_links',
  'identity_portal_links',
  'identity_external_identities',
  'identity_sightings',
  'identity_subjects',
  'identity_members',
] as const;

/**
 * Removes what tells of a person; what others refer to stays, under an id that names nobody.
 * @scope person: what tells of somebody, in whichever organizations.
 */
export async function erasePerson(
  transaction: Transaction,
  person: { userId: string; email: string; organizationId: string | undefined; at: Date },
): Promise<void> {
  const { userId, email, organizationId = null, at } = person;
  for (const table of erasedTables) {
    await sql`delete from ${sql.table(table)} where user_id = ${userId}`.execute(transaction);
  }
  await sql`delete from identity_sso_flows where linking_user_id = ${userId}`.execute(transaction);
  await sql`
    update identity_sessions
    set ip = null, user_agent = null, ended_at = coalesce(ended_at, ${at}),
      end_reason = coalesce(end_reason, 'account_deleted')
    where user_id = ${userId}
  `.execute(transaction);
  await sql`
    update identity_invitations
    set email = ${pseudonymOf(userId)}, revoked_at = case
      when accepted_at is null then coalesce(revoked_at, ${at}) else revoked_at
    end
    where email = ${email}
  `.execute(transaction);
  await sql`
    update identity_notification_rules
    set user_ids = array_remove(user_ids, ${userId}), addresses = array_remove(addresses, ${email})
    where ${userId} = any(user_ids) or ${email} = any(addresses)
  `.execute(transaction);
  await sql`
    update identity_organizations
    set name = ${organizationId}
    where id = ${organizationId}
  `.execute(transaction);
  await sql`
    update identity_users
    set email = ${pseudonymOf(userId)}, email_verified_at = null, name = null, username = null, password_hash = '',
      invite_code = null, platform_role = 'user', platform_role_id = null, status = 'suspended',
      suspended_at = null, suspended_reason = null, deleted_at = ${at}
    where id = ${userId}
  `.execute(transaction);
}

/** No mailbox has it: the domain is reserved for that. https://www.rfc-editor.org/rfc/rfc2606 */
function pseudonymOf(userId: string): string {
  return `${userId}@deleted.invalid`;
}
