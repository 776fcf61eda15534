import { isOrganizationRole, organizationRoles } from '@sluice/contract/permissions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { type CustomRole, ofCustom, permissionsOf } from '../core/roles.ts';
import { isRoleInvited } from '../store/invitations.ts';
import {
  countPeopleByRole,
  deleteRoleRow,
  findRoles,
  insertRole,
  updateRoleRow,
} from '../store/roles.ts';
import { type Acting, holdOrganization, requireHeld } from './hold-organization.ts';

/** An organization has so many roles of its own at most: its members choose from them in a list. */
const rolesMax = 50;

export interface RoleShown {
  id: string;
  name: string;
  isBuiltIn: boolean;
  permissions: readonly string[];
  people: number;
  createdAt: Date | null;
}

/** Roles that every organization has, then its own. */
export async function listRoles(executor: Executor, organizationId: string): Promise<RoleShown[]> {
  const people = await countPeopleByRole(executor, organizationId);
  const builtIn = Object.entries(organizationRoles).map(([name, permissions]) => ({
    ...{ id: name, name, isBuiltIn: true, permissions, createdAt: null },
    people: people.get(name) ?? 0,
  }));
  const custom = (await findRoles(executor, organizationId)).map((role) =>
    showRole(role, people.get(role.id)),
  );
  return [...builtIn, ...custom];
}

function showRole(role: CustomRole, people = 0): RoleShown {
  return { ...role, permissions: permissionsOf(ofCustom(role)), isBuiltIn: false, people };
}

/**
 * Adds a role, of what its maker holds too.
 * @throws Refusal `permission_not_held`, `already_exists`, `rule_violated`.
 */
export async function createRole(
  context: Context,
  acting: Acting,
  { name, permissions }: { name: string; permissions: readonly string[] },
): Promise<RoleShown> {
  return inTransaction(context, async (transaction) => {
    const held = await holdOrganization(transaction, acting);
    requireHeld(held.permissions, permissions);
    const roles = await findRoles(transaction, acting.organizationId);
    if (roles.length >= rolesMax) {
      const sentence = `An organization has at most ${rolesMax} roles of its own: change one.`;
      throw new Refusal('rule_violated', sentence);
    }
    requireFreeName(name, roles);
    const createdAt = context.clocks.business();
    const role = {
      id: newId('rol', createdAt),
      name,
      permissions: [...new Set(permissions)],
      createdAt,
    };
    const { organizationId } = acting;
    if (!(await insertRole(transaction, { ...role, organizationId }))) throw nameTaken();
    await recordAudit(context, transaction, {
      organizationId,
      action: 'role.create',
      resource: { kind: 'role', id: role.id },
      newValues: { name, permissions: role.permissions },
    });
    return showRole(role);
  });
}

/**
 * Changes a role for everyone who has it. Whoever changes it holds what it allows, before and after.
 * @throws Refusal `not_found`, `permission_not_held`, `already_exists`.
 */
export async function updateRole(
  context: Context,
  acting: Acting,
  change: { id: string; name?: string | undefined; permissions?: readonly string[] | undefined },
): Promise<RoleShown> {
  return inTransaction(context, async (transaction) => {
    const { role, roles, ...held } = await holdRole(transaction, acting, change.id);
    const changed = {
      ...role,
      name: change.name ?? role.name,
      permissions: [...new Set(change.permissions ?? role.permissions)],
    };
    requireHeld(held.permissions, changed.permissions);
    requireFreeName(
      changed.name,
      roles.filter(({ id }) => id !== role.id),
    );
    const { organizationId } = acting;
    await updateRoleRow(transaction, { ...changed, organizationId });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'role.update',
      resource: { kind: 'role', id: role.id },
      oldValues: { name: role.name, permissions: [...role.permissions] },
      newValues: { name: changed.name, permissions: changed.permissions },
    });
    const people = await countPeopleByRole(transaction, organizationId);
    return showRole(changed, people.get(role.id));
  });
}

/**
 * Removes a role that nobody has and to which nobody is invited.
 * @throws Refusal `not_found`, `permission_not_held`, `role_in_use`.
 */
export async function deleteRole(context: Context, acting: Acting, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { role } = await holdRole(transaction, acting, id);
    const { organizationId } = acting;
    const people = (await countPeopleByRole(transaction, organizationId)).get(id) ?? 0;
    const now = context.clocks.wall();
    if (people > 0 || (await isRoleInvited(transaction, { organizationId, roleId: id, now }))) {
      throw new Refusal(
        'role_in_use',
        'Somebody has this role or is invited to it: give them another one first.',
      );
    }
    await deleteRoleRow(transaction, { organizationId, id });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'role.delete',
      resource: { kind: 'role', id },
      oldValues: { name: role.name, permissions: [...role.permissions] },
    });
  });
}

async function holdRole(transaction: Transaction, acting: Acting, id: string) {
  const { permissions } = await holdOrganization(transaction, acting);
  const roles = await findRoles(transaction, acting.organizationId);
  const role = roles.find((one) => one.id === id);
  if (!role) throw notFound('role');
  requireHeld(permissions, permissionsOf(ofCustom(role)));
  return { permissions, roles, role };
}

function requireFreeName(name: string, others: readonly CustomRole[]): void {
  const isTaken = others.some((role) => role.name.toLowerCase() === name.toLowerCase());
  if (isTaken || isOrganizationRole(name.toLowerCase())) throw nameTaken();
}

function nameTaken(): Refusal {
  return new Refusal('already_exists', 'There is a role of this name: choose another one.', {
    param: 'name',
  });
}
