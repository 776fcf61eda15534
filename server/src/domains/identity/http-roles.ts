import * as contract from '@sluice/contract/roles';
import type { Routes } from '../../platform/http/routes.ts';
import { accountHolderOf } from './http-accounts.ts';
import { actingOf } from './http-teams.ts';
import { createRole, deleteRole, listRoles, updateRole } from './operations/custom-roles.ts';
import {
  createPlatformRole,
  deletePlatformRole,
  listPlatformRoles,
  setPlatformRole,
  updatePlatformRole,
} from './operations/platform-roles.ts';
import { presentPlatformRole, presentRole } from './present-roles.ts';

/** Roles of organizations, and of those who operate the deployment. */
export function registerRoles(routes: Routes): void {
  routes.serve(contract.listRoles, async ({ context, organizationId }) => ({
    data: (await listRoles(context.database, organizationId)).map(presentRole),
    next_cursor: null,
  }));
  routes.serve(contract.createRole, async (call) =>
    presentRole(await createRole(call.context, actingOf(call), call.body)),
  );
  routes.serve(contract.updateRole, async (call) => {
    const change = { id: call.params.role_id, ...call.body };
    return presentRole(await updateRole(call.context, actingOf(call), change));
  });
  routes.serve(contract.deleteRole, (call) =>
    deleteRole(call.context, actingOf(call), call.params.role_id),
  );
  registerPlatformRoles(routes);
}

function registerPlatformRoles(routes: Routes): void {
  routes.serve(contract.listPlatformRoles, async ({ context }) => ({
    data: (await listPlatformRoles(context.database)).map(presentPlatformRole),
    next_cursor: null,
  }));
  routes.serve(contract.createPlatformRole, async ({ context, caller, body }) =>
    presentPlatformRole(await createPlatformRole(context, accountHolderOf(caller).userId, body)),
  );
  routes.serve(contract.updatePlatformRole, async ({ context, caller, params, body }) => {
    const change = { id: params.id, ...body };
    const { userId } = accountHolderOf(caller);
    return presentPlatformRole(await updatePlatformRole(context, userId, change));
  });
  routes.serve(contract.deletePlatformRole, ({ context, caller, params }) =>
    deletePlatformRole(context, accountHolderOf(caller).userId, params.id),
  );
  routes.serve(contract.setPlatformRole, async ({ context, caller, params, body }) => {
    const command = { id: params.id, role: body.role };
    const role = await setPlatformRole(context, accountHolderOf(caller).userId, command);
    return { id: params.id, platform_role: role };
  });
}
