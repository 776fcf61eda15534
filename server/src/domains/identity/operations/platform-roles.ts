import { isPlatformRole, platformRoles } from '@sluice/contract/permissions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { PlatformRole } from '../core/people.ts';
import { type CustomRole, platformPermissionsOf } from '../core/roles.ts';
import {
  countActiveAdmins,
  countOperatorsByRole,
  deletePlatformRoleRow,
  findPlatformRoleOf,
  findPlatformRoles,
  insertPlatformRole,
  updatePlatformRoleOf,
  updatePlatformRoleRow,
} from '../store/roles.ts';
import { lockOperators, lockUser } from '../store/users.ts';
import type { RoleShown } from './custom-roles.ts';
import { requireHeld } from './hold-organization.ts';

/** Roles that every deployment has, then its own. */
export async function listPlatformRoles(executor: Executor): Promise<RoleShown[]> {
  const people = await countOperatorsByRole(executor);
  const builtIn = Object.entries(platformRoles).map(([name, permissions]) => ({
    ...{ id: name, name, isBuiltIn: true, permissions, createdAt: null },
    people: people.get(name) ?? 0,
  }));
  const custom = (await findPlatformRoles(executor)).map((role) =>
    showRole(role, people.get(role.id)),
  );
  return [...builtIn, ...custom];
}

function showRole(role: CustomRole, people = 0): RoleShown {
  const permissions = platformPermissionsOf('custom', role.permissions);
  return { ...role, permissions, isBuiltIn: false, people };
}

/**
 * Adds a role for operators, of what its maker holds too.
 * @throws Refusal `permission_not_held`, `already_exists`.
 */
export async function createPlatformRole(
  context: Context,
  userId: string,
  { name, permissions }: { name: string; permissions: readonly string[] },
): Promise<RoleShown> {
  return inTransaction(context, async (transaction) => {
    requireHeld(await holdOperators(transaction, userId), permissions);
    requireFreeName(name, await findPlatformRoles(transaction));
    const createdAt = context.clocks.business();
    const role = {
      id: newId('prl', createdAt),
      name,
      permissions: [...new Set(permissions)],
      createdAt,
    };
    if (!(await insertPlatformRole(transaction, role))) throw nameTaken();
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'platform_role.create',
      resource: { kind: 'platform_role', id: role.id },
      newValues: { name, permissions: role.permissions },
    });
    return showRole(role);
  });
}

/**
 * Changes a role for everyone who has it. Whoever changes it holds what it allows, before and after.
 * @throws Refusal `not_found`, `permission_not_held`, `already_exists`.
 */
export async function updatePlatformRole(
  context: Context,
  userId: string,
  change: { id: string; name?: string | undefined; permissions?: readonly string[] | undefined },
): Promise<RoleShown> {
  return inTransaction(context, async (transaction) => {
    const { role, roles, held } = await holdRole(transaction, userId, change.id);
    const changed = {
      ...role,
      name: change.name ?? role.name,
      permissions: [...new Set(change.permissions ?? role.permissions)],
    };
    requireHeld(held, changed.permissions);
    requireFreeName(
      changed.name,
      roles.filter(({ id }) => id !== role.id),
    );
    await updatePlatformRoleRow(transaction, changed);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'platform_role.update',
      resource: { kind: 'platform_role', id: role.id },
      oldValues: { name: role.name, permissions: [...role.permissions] },
      newValues: { name: changed.name, permissions: changed.permissions },
    });
    return showRole(changed, (await countOperatorsByRole(transaction)).get(role.id));
  });
}

/**
 * Removes a role for operators that nobody has.
 * @throws Refusal `not_found`, `permission_not_held`, `role_in_use`.
 */
export async function deletePlatformRole(
  context: Context,
  userId: string,
  id: string,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { role } = await holdRole(transaction, userId, id);
    if ((await countOperatorsByRole(transaction)).has(id)) {
      throw new Refusal('role_in_use', 'Somebody has this role: give them another one first.');
    }
    await deletePlatformRoleRow(transaction, id);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'platform_role.delete',
      resource: { kind: 'platform_role', id },
      oldValues: { name: role.name, permissions: [...role.permissions] },
    });
  });
}

/**
 * Makes a person an operator, or a customer again. Whoever does it holds what the person could do and what they can do
 * then; a deployment keeps at least one admin.
 * @throws Refusal `not_found`, `role_unknown`, `permission_not_held`, `last_admin`.
 */
export async function setPlatformRole(
  context: Context,
  userId: string,
  { id, role: reference }: { id: string; role: string },
): Promise<string> {
  return inTransaction(context, async (transaction) => {
    const held = await holdOperators(transaction, userId);
    const user = await lockUser(transaction, id);
    const old = await findPlatformRoleOf(transaction, id);
    if (!user || !old) throw notFound('user');
    requireHeld(held, platformPermissionsOf(old.role, old.permissions));
    const role = await roleNamed(transaction, reference);
    requireHeld(held, platformPermissionsOf(role.role, role.permissions));
    const isDemoted = old.role === 'admin' && role.role !== 'admin' && user.status === 'active';
    if (isDemoted && (await countActiveAdmins(transaction)) < 2) {
      throw new Refusal(
        'last_admin',
        'A deployment keeps at least one admin: make somebody else one first.',
      );
    }
    await updatePlatformRoleOf(transaction, { id, role: role.role, roleId: role.roleId });
    const reference_ = role.roleId ?? role.role;
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'user.set_platform_role',
      resource: { kind: 'user', id },
      oldValues: { platform_role: user.platformRoleId ?? user.platformRole },
      newValues: { platform_role: reference_ },
    });
    return reference_;
  });
}

async function roleNamed(
  transaction: Transaction,
  reference: string,
): Promise<{ role: PlatformRole; roleId: string | null; permissions: readonly string[] | null }> {
  if (reference === 'user' || isPlatformRole(reference)) {
    return { role: reference, roleId: null, permissions: null };
  }
  const role = (await findPlatformRoles(transaction)).find(({ id }) => id === reference);
  if (role) return { role: 'custom', roleId: role.id, permissions: role.permissions };
  throw new Refusal(
    'role_unknown',
    'Name a role of this deployment: user, operator, admin, or the id of another.',
    { param: 'role' },
  );
}

/** Whoever changes roles of operators does so one after the other; answers what the caller may do by then. */
async function holdOperators(transaction: Transaction, userId: string): Promise<readonly string[]> {
  await lockOperators(transaction);
  const own = await findPlatformRoleOf(transaction, userId);
  invariant(own, 'a session belongs to a person');
  return platformPermissionsOf(own.role, own.permissions);
}

async function holdRole(transaction: Transaction, userId: string, id: string) {
  const held = await holdOperators(transaction, userId);
  const roles = await findPlatformRoles(transaction);
  const role = roles.find((one) => one.id === id);
  if (!role) throw notFound('role');
  requireHeld(held, platformPermissionsOf('custom', role.permissions));
  return { held, roles, role };
}

function requireFreeName(name: string, others: readonly CustomRole[]): void {
  const lower = name.toLowerCase();
  const isTaken = others.some((role) => role.name.toLowerCase() === lower);
  if (isTaken || lower === 'user' || isPlatformRole(lower)) throw nameTaken();
}

function nameTaken(): Refusal {
  return new Refusal('already_exists', 'There is a role of this name: choose another one.', {
    param: 'name',
  });
}
