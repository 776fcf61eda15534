/** How the contract writes roles. */
import {
  type Permission,
  type PlatformPermission,
  permissions,
  platformPermissions,
} from '@sluice/contract/permissions';
import type { RoleShown } from './operations/custom-roles.ts';

export function presentRole(role: RoleShown) {
  return { ...present(role), permissions: among<Permission>(permissions, role) };
}

export function presentPlatformRole(role: RoleShown) {
  return { ...present(role), permissions: among<PlatformPermission>(platformPermissions, role) };
}

function present({ id, name, isBuiltIn, people, createdAt }: RoleShown) {
  return { id, name, built_in: isBuiltIn, people, created_at: createdAt?.toISOString() ?? null };
}

/** In the order of the contract's list. */
function among<T extends string>(known: readonly T[], role: RoleShown): T[] {
  return known.filter((permission) => role.permissions.includes(permission));
}
