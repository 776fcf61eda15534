/**
 * Who may call which operation: one table, read by the server before every handler, by the tests that walk over
 * `openapi.json`, and by the web app to disable what its user may not do. Each operation names one permission; a role,
 * built in or custom, is a set of permissions.
 *
 * Tenancy is not in the table: an organization's endpoints only ever see the acting organization's records, and an id
 * of another organization is answered 404 whoever asks.
 */
import { accountRules } from './authorization-accounts.ts';
import { operatorRules } from './authorization-operators.ts';
import { organizationRules } from './authorization-organizations.ts';
import type { Rule } from './authorization-rules.ts';
import { ssoRules } from './authorization-sso.ts';
import type { Operation } from './index.ts';

export type { Rule } from './authorization-rules.ts';

export const authorization: Record<Operation, Rule> = {
  ...accountRules,
  ...organizationRules,
  ...operatorRules,
  ...ssoRules,
};

/** What the roles of a signed-in person hold, in the acting organization and on the deployment. */
export interface Held {
  permissions: readonly string[];
  platformPermissions: readonly string[];
}

/** Judges a signed-in person by the operation's rule. */
export function allowsPerson(rule: Rule, held: Held): boolean {
  if (rule.anyone || rule.person) return true;
  if (rule.permission !== undefined && held.permissions.includes(rule.permission)) return true;
  const { platformPermission } = rule;
  return platformPermission !== undefined && held.platformPermissions.includes(platformPermission);
}
