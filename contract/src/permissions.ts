/** What a role may hold, one list for organizations and one for the deployment, and the roles that are built in. */

/** Permissions within an organization. Every one but `organization.own` may be part of a custom role. */
export const permissions = [
  'organization.read',
  'organization.manage',
  'organization.own',
  'security.manage',
  'members.read',
  'members.manage',
  'roles.manage',
  'keys.read',
  'keys.manage',
  'usage.read',
  'usage.read_members',
  'billing.read',
  'billing.pay',
  'billing.manage',
  'subscriptions.manage',
  'audit.read',
] as const;

export type Permission = (typeof permissions)[number];

/** Permissions on the deployment, for those who operate it. */
export const platformPermissions = [
  'customers.read',
  'customers.support',
  'customers.manage',
  'applications.read',
  'applications.manage',
  'catalog.read',
  'catalog.manage',
  'gateway.read',
  'gateway.manage',
  'usage.read',
  'billing.read',
  'billing.manage',
  'payments.read',
  'payments.manage',
  'reports.read',
  'risk.read',
  'risk.manage',
  'audit.read',
  'settings.read',
  'settings.manage',
  'roles.read',
  'roles.manage',
] as const;

export type PlatformPermission = (typeof platformPermissions)[number];

/** Handing the organization over, deleting it and naming owners stay with its owners: no custom role holds this. */
export const ownersPermission = 'organization.own' satisfies Permission;

export type OrganizationRole = 'owner' | 'admin' | 'billing' | 'member';

/** Roles that every organization has. */
export const organizationRoles: Record<OrganizationRole, readonly Permission[]> = {
  owner: permissions,
  admin: permissions.filter((permission) => permission !== ownersPermission),
  billing: [
    'organization.read',
    'usage.read',
    'usage.read_members',
    'billing.read',
    'billing.pay',
    'billing.manage',
    'subscriptions.manage',
  ],
  member: ['organization.read', 'keys.read', 'keys.manage', 'usage.read', 'billing.read'],
};

export type PlatformRole = 'operator' | 'admin';

/** Roles that every deployment has: an operator reads and supports, an admin may do everything. */
export const platformRoles: Record<PlatformRole, readonly PlatformPermission[]> = {
  operator: platformPermissions.filter(
    (permission) => permission.endsWith('.read') || permission === 'customers.support',
  ),
  admin: platformPermissions,
};

export function isOrganizationRole(role: string): role is OrganizationRole {
  return Object.hasOwn(organizationRoles, role);
}

export function isPlatformRole(role: string): role is PlatformRole {
  return Object.hasOwn(platformRoles, role);
}
