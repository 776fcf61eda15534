/** Custom roles: named sets of permissions, of an organization or of the deployment. */
import { z } from 'zod';
import { IdParams, Instant, nameOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import {
  organizationRoles,
  ownersPermission,
  type Permission,
  permissions,
  platformPermissions,
  platformRoles,
} from './permissions.ts';

const names = <T extends string>(known: readonly T[]) =>
  z
    .array(z.enum(known as readonly [T, ...T[]]))
    .min(1, 'Give the role at least one permission.')
    .max(known.length);

const roleOf = <T extends string>(known: readonly T[]) =>
  z.object({
    id: z.string().meta({ description: 'Of a built-in role, its name.' }),
    name: z.string(),
    built_in: z.boolean(),
    permissions: z.array(z.enum(known as readonly [T, ...T[]])),
    people: z.number().int().meta({ description: 'How many people have the role.' }),
    created_at: Instant.nullable().meta({ description: 'Null for a built-in role.' }),
  });

export const Role = roleOf(permissions).meta({ id: 'Role' });
export const PlatformRoleAnswer = roleOf(platformPermissions).meta({ id: 'PlatformRole' });

/** What a custom role may hold: everything but what stays with the owners. */
export const givablePermissions = permissions.filter(
  (permission): permission is Exclude<Permission, typeof ownersPermission> =>
    permission !== ownersPermission,
);

const RoleName = nameOf('role', 60);
const RoleParams = IdParams.extend({ role_id: z.string().min(1).max(100) });

export const listRoles = endpoint({
  operation: 'listRoles',
  method: 'GET',
  path: '/api/v1/organizations/{id}/roles',
  summary: 'Roles of an organization: those that every organization has, and its own.',
  params: IdParams,
  answer: z.object({ data: z.array(Role), next_cursor: z.null() }),
});

export const createRole = endpoint({
  operation: 'createRole',
  method: 'POST',
  path: '/api/v1/organizations/{id}/roles',
  summary: 'Adds a role with permissions that its maker has too.',
  params: IdParams,
  body: z.strictObject({ name: RoleName, permissions: names(givablePermissions) }),
  answer: Role,
  status: 201,
  refusals: ['already_exists', 'permission_not_held', 'rule_violated'],
  idempotent: true,
  example: { name: 'Analyst', permissions: ['usage.read', 'usage.read_members'] },
});

export const updateRole = endpoint({
  operation: 'updateRole',
  method: 'PATCH',
  path: '/api/v1/organizations/{id}/roles/{role_id}',
  summary:
    'Changes a role of an organization, for everyone who has it, from their next request on.',
  params: RoleParams,
  body: z.strictObject({
    name: RoleName.optional(),
    permissions: names(givablePermissions).optional(),
  }),
  answer: Role,
  refusals: ['already_exists', 'permission_not_held'],
  example: { permissions: ['usage.read'] },
});

export const deleteRole = endpoint({
  operation: 'deleteRole',
  method: 'DELETE',
  path: '/api/v1/organizations/{id}/roles/{role_id}',
  summary: 'Removes a role that nobody has and to which nobody is invited.',
  params: RoleParams,
  status: 204,
  refusals: ['permission_not_held', 'role_in_use'],
});

export const listPlatformRoles = endpoint({
  operation: 'listPlatformRoles',
  method: 'GET',
  path: '/api/v1/admin/roles',
  summary: 'Roles of those who operate the deployment: the built-in ones and its own.',
  answer: z.object({ data: z.array(PlatformRoleAnswer), next_cursor: z.null() }),
});

export const createPlatformRole = endpoint({
  operation: 'createPlatformRole',
  method: 'POST',
  path: '/api/v1/admin/roles',
  summary: 'Adds a role for operators with permissions that its maker has too.',
  body: z.strictObject({ name: RoleName, permissions: names(platformPermissions) }),
  answer: PlatformRoleAnswer,
  status: 201,
  refusals: ['already_exists', 'permission_not_held', 'rule_violated'],
  idempotent: true,
  example: { name: 'Accountant', permissions: ['billing.read', 'reports.read'] },
});

export const updatePlatformRole = endpoint({
  operation: 'updatePlatformRole',
  method: 'PATCH',
  path: '/api/v1/admin/roles/{id}',
  summary: 'Changes a role for operators, for everyone who has it, from their next request on.',
  params: IdParams,
  body: z.strictObject({
    name: RoleName.optional(),
    permissions: names(platformPermissions).optional(),
  }),
  answer: PlatformRoleAnswer,
  refusals: ['already_exists', 'permission_not_held'],
  example: { permissions: ['billing.read'] },
});

export const deletePlatformRole = endpoint({
  operation: 'deletePlatformRole',
  method: 'DELETE',
  path: '/api/v1/admin/roles/{id}',
  summary: 'Removes a role for operators that nobody has.',
  params: IdParams,
  status: 204,
  refusals: ['permission_not_held', 'role_in_use'],
});

export const setPlatformRole = endpoint({
  operation: 'setPlatformRole',
  method: 'PUT',
  path: '/api/v1/admin/users/{id}/platform-role',
  summary:
    'Makes a person an operator with a role that the caller could give, or a customer again; from their next request on.',
  params: IdParams,
  body: z.strictObject({
    role: z
      .string()
      .min(1)
      .max(100)
      .meta({
        description: `\`user\`, a built-in role (${Object.keys(platformRoles).join(', ')}), or the id of another.`,
      }),
  }),
  answer: z.object({ id: z.string(), platform_role: z.string() }),
  refusals: ['permission_not_held', 'last_admin'],
  example: { role: 'operator' },
});

/** A role as a member's or an invitation's is written. */
export const RoleReference = z
  .string()
  .min(1)
  .max(100)
  .meta({
    description: `A built-in role (${Object.keys(organizationRoles).join(', ')}) or the id of one of the organization's own.`,
  });
