/** The door of identity: people, organizations, sessions and API keys. */
export { type AccessTokens, createAccessTokens } from './access-tokens.ts';
export type { Membership, Organization, OrganizationStatus, User } from './core/people.ts';
export { organizationCreated, organizationTimeZoneChanged } from './events.ts';
export { createKeyring, type Key, type Keyring } from './keyring.ts';
export { createAuthenticator } from './operations/authenticate.ts';
export { findOrganization } from './store/organizations.ts';
