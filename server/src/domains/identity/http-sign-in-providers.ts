/** The deployment's directory and identity providers, for operators. */

import { platformRoles } from '@sluice/contract/permissions';
import * as contract from '@sluice/contract/sign-in-providers';
import type { Caller } from '../../platform/http/caller.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { accountHolderOf } from './http-accounts.ts';
import { requireHeld } from './operations/hold-organization.ts';
import {
  createSignInProvider,
  deleteSignInProvider,
  getSignInProvider,
  listSignInProviders,
  updateSignInProvider,
} from './operations/manage-sign-in-providers.ts';
import { testSignInProvider } from './operations/test-sign-in-provider.ts';
import { presentProvider } from './present-sso.ts';

export function registerSignInProviders(routes: Routes): void {
  routes.serve(contract.listSignInProviders, async ({ context }) => {
    const rows = await listSignInProviders(context);
    return { data: rows.map((row) => presentProvider(context, row)), next_cursor: null };
  });
  routes.serve(contract.createSignInProvider, async ({ context, caller, body }) => {
    requireAdmin(caller);
    return presentProvider(context, await createSignInProvider(context, body));
  });
  routes.serve(contract.getSignInProvider, async ({ context, params }) =>
    presentProvider(context, await getSignInProvider(context, params.id)),
  );
  routes.serve(contract.updateSignInProvider, async ({ context, caller, params, body }) => {
    requireAdmin(caller);
    return presentProvider(context, await updateSignInProvider(context, params.id, body));
  });
  routes.serve(contract.deleteSignInProvider, ({ context, params }) =>
    deleteSignInProvider(context, params.id),
  );
  routes.serve(contract.testSignInProvider, ({ context, params, body }) =>
    testSignInProvider(context, { id: params.id, login: body.login }),
  );
}

/**
 * A provider says who people are, and may make any of them an admin: nobody sets one up who holds less.
 * @throws Refusal `permission_not_held`.
 */
function requireAdmin(caller: Caller): void {
  const { platformPermissions } = accountHolderOf(caller);
  requireHeld(platformPermissions, platformRoles.admin);
}
