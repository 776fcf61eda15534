/** What a role holds, and who may give it: nobody gives what they do not have. */
import {
  isOrganizationRole,
  type OrganizationRole,
  organizationRoles,
  type Permission,
  type PlatformPermission,
  permissions,
  platformPermissions,
  platformRoles,
} from '@sluice/contract/permissions';
import type { MemberRole, PlatformRole } from './people.ts';

/** A role in an organization, built in or custom. */
export interface HeldRole {
  role: MemberRole;
  /** Of a custom role. */
  roleId: string | null;
  roleName: string | null;
  rolePermissions: readonly string[] | null;
}

/** A role as it is given: the name of a built-in one or the id of a custom one. */
export interface GivenRole {
  role: MemberRole;
  roleId: string | null;
}

export interface CustomRole {
  id: string;
  name: string;
  permissions: readonly string[];
  createdAt: Date;
}

export function permissionsOf({
  role,
  rolePermissions,
}: Pick<HeldRole, 'role' | 'rolePermissions'>): readonly Permission[] {
  if (role !== 'custom') return organizationRoles[role];
  return knownOf(permissions, rolePermissions);
}

export function platformPermissionsOf(
  role: PlatformRole,
  rolePermissions: readonly string[] | null,
): readonly PlatformPermission[] {
  if (role === 'user') return [];
  if (role !== 'custom') return platformRoles[role];
  return knownOf(platformPermissions, rolePermissions);
}

/** What a custom role was given and this release still knows. */
function knownOf<T extends string>(known: readonly T[], given: readonly string[] | null): T[] {
  return known.filter((permission) => given?.includes(permission));
}

/** How the contract writes a role. */
export function referenceOf({ role, roleId }: GivenRole): string {
  return roleId ?? role;
}

export function builtIn(role: OrganizationRole): HeldRole {
  return { role, roleId: null, roleName: null, rolePermissions: null };
}

export function ofCustom({ id, name, permissions }: CustomRole): HeldRole {
  return { role: 'custom', roleId: id, roleName: name, rolePermissions: permissions };
}

/** The role that a reference names, among an organization's own. */
export function roleNamed(reference: string, custom: readonly CustomRole[]): HeldRole | undefined {
  if (isOrganizationRole(reference)) return builtIn(reference);
  const found = custom.find(({ id }) => id === reference);
  return found && ofCustom(found);
}

/** What the giver lacks of what would be given, taken or changed. */
export function missingOf(giver: readonly string[], given: readonly string[]): readonly string[] {
  return given.filter((permission) => !giver.includes(permission));
}
