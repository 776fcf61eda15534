import * as apiKeys from '@sluice/contract/api-keys';
import type { BodyOf } from '@sluice/contract/endpoint';
import * as contract from '@sluice/contract/identity';
import type { Context, Platform } from '../../platform/context.ts';
import { invariant, Refusal } from '../../platform/errors.ts';
import type { Caller, UserCaller } from '../../platform/http/caller.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { parseAmount } from '../../platform/money.ts';
import { createAccessTokens } from './access-tokens.ts';
import type { LimitChanges } from './core/api-key.ts';
import { registerApplications } from './http-applications.ts';
import { registerCostCenters } from './http-cost-centers.ts';
import { registerOperators } from './http-operators.ts';
import { registerOrganizationSettings } from './http-organization-settings.ts';
import { registerRoles } from './http-roles.ts';
import { registerSessions } from './http-sessions.ts';
import { registerSignInProviders } from './http-sign-in-providers.ts';
import { registerSso } from './http-sso.ts';
import { registerSupport } from './http-support.ts';
import { registerTeams } from './http-teams.ts';
import { createApiKey } from './operations/create-api-key.ts';
import { getMe, listOrganizations } from './operations/get-me.ts';
import { resolveApplication } from './operations/key-limits.ts';
import { rotateApiKey } from './operations/rotate-api-key.ts';
import { listSupported } from './operations/support-session.ts';
import { listApiKeys, revokeApiKey, updateApiKey } from './operations/update-api-key.ts';
import { updateMe } from './operations/update-me.ts';
import { getOrganization, updateOrganization } from './operations/update-organization.ts';
import { presentApiKey, presentMe, presentMembership, presentOrganization } from './present.ts';

export function registerIdentity(routes: Routes, platform: Platform): void {
  registerSessions(routes, createAccessTokens(platform));
  registerPeople(routes);
  registerTeams(routes);
  registerRoles(routes);
  registerOrganizationSettings(routes);
  registerApiKeys(routes);
  registerApplications(routes);
  registerOperators(routes);
  registerSupport(routes);
  registerCostCenters(routes);
  registerSso(routes, createAccessTokens(platform));
  registerSignInProviders(routes);
}

function registerPeople(routes: Routes): void {
  routes.serve(contract.getMe, async ({ context, caller }) => {
    const person = personOf(caller);
    const me = presentMe(await getMe(context.database, person.userId));
    if (!person.platformPermissions.includes('customers.support')) return me;
    return { ...me, organizations: [...me.organizations, ...(await supported(context, person))] };
  });
  routes.serve(contract.updateMe, async ({ context, caller, body }) => {
    const change = { ...body, userId: personOf(caller).userId };
    return presentMe(await updateMe(context, change));
  });
  routes.serve(contract.listOrganizations, async ({ context, caller, query }) => {
    const { userId } = personOf(caller);
    const page = { userId, after: readCursor(query), limit: query.limit + 1 };
    const memberships = await listOrganizations(context.database, page);
    return pageOf(memberships, query, ({ id }) => id, presentMembership);
  });
  routes.serve(contract.getOrganization, async ({ context, params }) =>
    presentOrganization(await getOrganization(context.database, params.id)),
  );
  routes.serve(contract.updateOrganization, async ({ context, params, body }) => {
    const organization = await updateOrganization(context, {
      id: params.id,
      name: body.name,
      timeZone: body.time_zone,
    });
    return presentOrganization(organization);
  });
}

function registerApiKeys(routes: Routes): void {
  routes.serve(apiKeys.listApiKeys, async ({ context, caller, organizationId, query }) => {
    const keys = await listApiKeys(context.database, {
      ...{ organizationId, before: readCursor(query), limit: query.limit + 1 },
      ...{ holderId: query.user, costCenterId: query.cost_center },
      ownedBy: ownerOnly(caller),
    });
    const now = context.clocks.business();
    return pageOf(
      keys,
      query,
      ({ id }) => id,
      (key) => presentApiKey(key, now),
    );
  });
  routes.serve(apiKeys.createApiKey, async ({ context, caller, organizationId, body }) => {
    const { secret, ...key } = await createApiKey(context, {
      organizationId,
      userId: personOf(caller).userId,
      name: body.name,
      expiresAt: instantOf(body.expires_at),
      ...(await limitsOf(context, body)),
      ...assignmentOf(caller, body),
    });
    return { ...presentApiKey(key, context.clocks.business()), key: secret };
  });
  routes.serve(apiKeys.updateApiKey, async ({ context, caller, organizationId, params, body }) => {
    const key = await updateApiKey(context, {
      ...{ id: params.id, organizationId, ownedBy: ownerOnly(caller) },
      name: body.name,
      expiresAt: instantOf(body.expires_at),
      ...(await limitsOf(context, body)),
      ...assignmentOf(caller, body),
    });
    return presentApiKey(key, context.clocks.business());
  });
  routes.serve(apiKeys.rotateApiKey, async ({ context, caller, organizationId, params, body }) => {
    const { secret, ...key } = await rotateApiKey(context, {
      ...{ id: params.id, organizationId, ownedBy: ownerOnly(caller) },
      graceSeconds: body.grace_seconds,
    });
    return { ...presentApiKey(key, context.clocks.business()), key: secret };
  });
  routes.serve(apiKeys.revokeApiKey, async ({ context, caller, organizationId, params }) => {
    await revokeApiKey(context, { id: params.id, organizationId, ownedBy: ownerOnly(caller) });
  });
}

/** The customers' organizations in which an operator acts for support, among their own. */
async function supported(context: Context, { sessionId }: UserCaller) {
  const found = await listSupported(context, sessionId);
  return found.map(({ permissions, ...organization }) => ({
    ...presentOrganization(organization),
    ...{ personal: false, role: 'support', role_name: null, permissions: [...permissions] },
  }));
}

/** The table lets only people in here. */
function personOf(caller: Caller): UserCaller {
  invariant(caller.kind === 'user', 'this operation is a person’s');
  return caller;
}

/** Whose keys the caller may see and change: their own, unless they manage members, or came to help with any. */
function ownerOnly(caller: Caller): string | undefined {
  const { userId, permissions, supportId } = personOf(caller);
  if (supportId !== undefined) return undefined;
  return permissions.includes('members.manage') ? undefined : userId;
}

/** @throws Refusal `forbidden`: who a key is of, and who pays for it, is not its holder's to say. */
function assignmentOf(caller: Caller, body: BodyOf<typeof apiKeys.updateApiKey>) {
  const { user: holderId, cost_center: costCenterId } = body;
  if (holderId === undefined && costCenterId === undefined) return {};
  if (ownerOnly(caller) === undefined) return { holderId, costCenterId };
  throw new Refusal(
    'forbidden',
    'Ask somebody who manages members: they say who holds a key and what it is booked under.',
    { param: holderId === undefined ? 'cost_center' : 'user' },
  );
}

/** Limits of a key as the contract writes them. */
async function limitsOf(
  { database }: Context,
  body: BodyOf<typeof apiKeys.updateApiKey>,
): Promise<LimitChanges> {
  const { rate_limits: rates, spend_caps: caps } = body;
  return {
    allowedModels: body.allowed_models,
    applicationId: await resolveApplication(database, body.application),
    ipAllowlist: body.ip_allowlist,
    rates: rates && {
      requestsPerMinute: rates.rpm,
      tokensPerMinute: rates.tpm,
      concurrency: rates.concurrency,
    },
    spendCaps: caps && {
      day: amountOf(caps.day, 'spend_caps.day'),
      month: amountOf(caps.month, 'spend_caps.month'),
      total: amountOf(caps.total, 'spend_caps.total'),
    },
    tags: body.tags,
  };
}

function amountOf(text: string | null | undefined, param: string): bigint | null | undefined {
  return typeof text === 'string' ? parseAmount(text, param) : text;
}

function instantOf(text: string | null | undefined): Date | null | undefined {
  return typeof text === 'string' ? new Date(text) : text;
}
