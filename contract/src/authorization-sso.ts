/** Who may do what about signing in through others; see `authorization.ts`. */
import { anyone, operator, person, type Rule, role } from './authorization-rules.ts';

export const ssoRules = {
  startSignIn: anyone,
  receiveSignIn: anyone,
  receiveSamlSignIn: anyone,
  arriveSignIn: anyone,
  getSamlMetadata: anyone,
  finishSignIn: anyone,

  listIdentities: person,
  linkIdentity: person,
  unlinkIdentity: person,

  getOrganizationSso: role('organization.manage'),
  // Whoever runs the provider can be anybody of the domain, an owner included.
  updateOrganizationSso: role('organization.own'),
  proveSsoDomain: role('security.manage'),
  testOrganizationSso: role('security.manage'),

  confirmSsoDomain: operator('customers.manage'),
  listSignInProviders: operator('settings.read'),
  getSignInProvider: operator('settings.read'),
  createSignInProvider: operator('settings.manage'),
  updateSignInProvider: operator('settings.manage'),
  deleteSignInProvider: operator('settings.manage'),
  testSignInProvider: operator('settings.manage'),
} as const satisfies Record<string, Rule>;
