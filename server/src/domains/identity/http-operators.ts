/** What operators do about people and the standing of organizations. */
import * as customers from '@sluice/contract/customers';
import * as contract from '@sluice/contract/operating-users';
import type { Context } from '../../platform/context.ts';
import { pageOf, readCursor, readTimes } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { inspectUser, resendVerification } from './operations/inspect-user.ts';
import { resetSecondFactor } from './operations/reset-second-factor.ts';
import { searchUsers } from './operations/search-people.ts';
import { setOrganizationStatus } from './operations/set-organization-status.ts';
import { endUserSessions, setUserStatus } from './operations/set-user-status.ts';
import { presentMembership, presentOrganization, presentUser } from './present.ts';

export function registerOperators(routes: Routes): void {
  routes.serve(customers.searchUsers, async ({ context, query }) => {
    const created = readTimes(query);
    const people = await searchUsers(context.database, {
      q: query.q || undefined,
      status: query.status,
      role: query.role,
      createdFrom: created.from,
      createdTo: created.to,
      before: readCursor(query),
      limit: query.limit + 1,
    });
    return pageOf(
      people,
      query,
      ({ user }) => user.id,
      ({ user, organizations }) => ({
        ...presentUser(user),
        organizations: organizations.map(presentMembership),
      }),
    );
  });
  routes.serve(contract.inspectUser, ({ context, params }) => showUser(context, params.id));
  routes.serve(contract.setUserStatus, async ({ context, params, body }) => {
    await setUserStatus(context, { id: params.id, ...body });
    return showUser(context, params.id);
  });
  routes.serve(contract.endUserSessions, async ({ context, params, body }) => ({
    ended: await endUserSessions(context, { id: params.id, reason: body.reason }),
  }));
  routes.serve(contract.resetSecondFactor, async ({ context, params, body }) => {
    await resetSecondFactor(context, { id: params.id, reason: body.reason });
    return showUser(context, params.id);
  });
  routes.serve(contract.resendVerification, async ({ context, params }) => {
    await resendVerification(context, params.id);
  });
  routes.serve(contract.setOrganizationStatus, async ({ context, params, body }) =>
    presentOrganization(await setOrganizationStatus(context, { id: params.id, ...body })),
  );
}

async function showUser(context: Context, id: string) {
  const { user, organizations, suspension, hasSecondFactor, sessions } = await inspectUser(
    context,
    id,
  );
  return {
    ...presentUser(user),
    organizations: organizations.map(presentMembership),
    suspended: suspension && {
      since: suspension.since.toISOString(),
      reason: suspension.reason,
    },
    second_factor: hasSecondFactor,
    sessions: sessions.map((session) => ({
      ...{ id: session.id, method: session.method, ip: session.ip },
      user_agent: session.userAgent,
      started_at: session.startedAt.toISOString(),
      expires_at: session.expiresAt.toISOString(),
    })),
  };
}
