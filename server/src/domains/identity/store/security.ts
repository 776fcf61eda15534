/** SQL about what an organization asks of the sessions of its members. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { SecurityRules } from '../core/session-rules.ts';

export type SecuritySettings = SecurityRules & { updatedAt: Date };

export async function findSecurity(
  executor: Executor,
  organizationId: string,
): Promise<SecuritySettings | undefined> {
  const { rows } = await sql<SecuritySettings>`
    select require_second_factor as "requireSecondFactor", sign_in_methods as "signInMethods",
      session_hours as "sessionHours", ip_allowlist as "ipAllowlist", updated_at as "updatedAt"
    from identity_security_settings
    where organization_id = ${organizationId}
  `.execute(executor);
  return rows[0];
}

export async function saveSecurity(
  transaction: Transaction,
  settings: SecuritySettings & { organizationId: string },
): Promise<void> {
  const { organizationId, requireSecondFactor, signInMethods, sessionHours } = settings;
  await sql`
    insert into identity_security_settings
      (organization_id, require_second_factor, sign_in_methods, session_hours, ip_allowlist, updated_at)
    values
      (${organizationId}, ${requireSecondFactor}, ${signInMethods && [...signInMethods]}, ${sessionHours},
       ${settings.ipAllowlist && [...settings.ipAllowlist]}, ${settings.updatedAt})
    on conflict (organization_id) do update
    set require_second_factor = excluded.require_second_factor, sign_in_methods = excluded.sign_in_methods,
      session_hours = excluded.session_hours, ip_allowlist = excluded.ip_allowlist, updated_at = excluded.updated_at
  `.execute(transaction);
}

export async function deleteSecurity(
  transaction: Transaction,
  organizationId: string,
): Promise<boolean> {
  const deleted = await sql`
    delete from identity_security_settings
    where organization_id = ${organizationId}
  `.execute(transaction);
  return deleted.numAffectedRows === 1n;
}
