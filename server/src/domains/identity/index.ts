/** The door of identity: people, organizations, sessions and API keys. */

export { identityChecks } from './checks.ts';
export { shownPartOfKey } from './core/api-key.ts';
export { mayUseFrom } from './core/ip-allowlist.ts';
export type { Membership, Organization, OrganizationStatus, User } from './core/people.ts';
export type { Standing, StatusDecision } from './core/standing.ts';
export {
  apiKeyLimitsChanged,
  organizationClosing,
  organizationCreated,
  organizationTimeZoneChanged,
  personSeen,
  signInFailed,
  userRegistered,
} from './events.ts';
export { registerIdentity } from './http.ts';
export { registerAccounts } from './http-accounts.ts';
export { requireActing } from './http-cost-centers.ts';
export { identityJobs } from './jobs.ts';
export {
  type ApplicationKeyAccess,
  createKeyring,
  type Key,
  type Keyring,
  keyringChannel,
} from './keyring.ts';
export { acceptInvitation } from './operations/accept-invitation.ts';
export { createApplicationKey } from './operations/application-keys.ts';
export { createAuthenticator } from './operations/authenticate.ts';
export { createCostCenter } from './operations/change-cost-centers.ts';
export { type CreatedAdmin, createAdmin, hasAdmin } from './operations/create-admin.ts';
export { createApiKey } from './operations/create-api-key.ts';
export { createApplication, updateApplication } from './operations/create-application.ts';
export { createVerifiedUser } from './operations/create-verified-user.ts';
export { findOperators } from './operations/find-operators.ts';
export { createInvitation } from './operations/invitations.ts';
export { judgeOrganization } from './operations/judge-organization.ts';
export { countRequest, limitAddress } from './operations/limit-address.ts';
export { listMembers } from './operations/list-members.ts';
export { type MovedAccount, type MovedTo, moveAccount } from './operations/move-account.ts';
export {
  changeMovedKey,
  type KeyToMove,
  keepKeySalt,
  type MovedKeyChange,
  moveKeys,
} from './operations/move-keys.ts';
export { people } from './operations/name-people.ts';
export { openAccount } from './operations/open-account.ts';
export { openOrganization } from './operations/open-organization.ts';
export { identityPersonalData } from './operations/personal-data.ts';
export {
  type Audience,
  audienceOf,
  type Recipient,
  recipientsOf,
} from './operations/recipients-of.ts';
export { register } from './operations/register.ts';
export {
  changeOrganizationStatus,
  setOrganizationStatus,
} from './operations/set-organization-status.ts';
export { presentApiKey, presentOrganization, presentUser } from './present.ts';
export { identitySealed } from './sealed.ts';
export { findApiKeys, lockApiKey } from './store/api-keys.ts';
export {
  type Application,
  findApplication,
  findApplicationBySlug,
} from './store/applications.ts';
export {
  findAssignedMembers,
  findCostCenter,
  findCostCenterOf,
  findCostCenters,
} from './store/cost-centers.ts';
export { findMembership, findMemberships } from './store/members.ts';
export { findNames } from './store/names.ts';
export {
  countPeople,
  findOrganization,
  findPersonalOrganization,
} from './store/organizations.ts';
export {
  findKeysNamed,
  findOrganizations,
  findSubjectsNamed,
  findUsers,
} from './store/search.ts';
export { findKinship, findNeighbors, type Kinship, type Neighbor } from './store/sightings.ts';
export { findSubject, type Subject } from './store/subjects.ts';
export { findOrganizationSuspension, findPeople } from './store/suspensions.ts';
export { findTakenAddresses, findUser, findUserByEmail } from './store/users.ts';
