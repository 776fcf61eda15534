/** Support that customers let in. */
import type {
  SupportAccess,
  SupportSession as SupportSessionView,
} from '@sluice/contract/support-access';
import * as contract from '@sluice/contract/support-access';
import type { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { invariant } from '../../platform/errors.ts';
import type { Caller, UserCaller } from '../../platform/http/caller.ts';
import { type PageRequest, pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { isLive, type SupportSession, statusOfAccess } from './core/support.ts';
import {
  allowSupport,
  listSupportAccesses,
  revokeSupport,
  type SupportAccessWithSessions,
} from './operations/support-access.ts';
import {
  endSupportSession,
  listSupportSessions,
  openSupportSession,
} from './operations/support-session.ts';
import { getOrganization } from './operations/update-organization.ts';

export function registerSupport(routes: Routes): void {
  routes.serve(contract.listSupportAccesses, ({ context, caller, params, query }) =>
    show(context, personOf(caller), { ...query, organizationId: params.id }),
  );
  routes.serve(contract.allowSupport, async ({ context, caller, params, body }) => {
    const { userId, sessionId } = personOf(caller);
    const access = await allowSupport(
      context,
      { organizationId: params.id, userId },
      { scope: body.scope, hours: body.hours, note: body.note ?? null },
    );
    return presentAccess(access, { sessionId, now: context.clocks.wall() });
  });
  routes.serve(contract.revokeSupport, async ({ context, caller, params }) => {
    await revokeSupport(context, { organizationId: params.id, userId: personOf(caller).userId });
  });
  routes.serve(contract.listSupportSessions, async ({ context, caller, organizationId }) => {
    const now = context.clocks.wall();
    const { sessionId } = personOf(caller);
    const live = await listSupportSessions(context, organizationId);
    return { data: live.map((session) => presentSession(session, { sessionId, now })) };
  });
  routes.serve(contract.inspectSupportAccesses, async ({ context, caller, params, query }) => {
    await getOrganization(context.database, params.id);
    return show(context, personOf(caller), { ...query, organizationId: params.id });
  });
  routes.serve(contract.openSupportSession, async ({ context, caller, params, body }) => {
    const { userId, sessionId } = personOf(caller);
    const supporter = { organizationId: params.id, sessionId, userId };
    const session = await openSupportSession(context, supporter, body.reason);
    return presentSession(session, { sessionId, now: context.clocks.wall() });
  });
  routes.serve(contract.endSupportSession, async ({ context, caller, params }) => {
    const { userId, sessionId } = personOf(caller);
    await endSupportSession(context, { organizationId: params.id, sessionId, userId });
  });
}

async function show(
  context: Context,
  { sessionId }: UserCaller,
  request: PageRequest & { organizationId: string },
) {
  const accesses = await listSupportAccesses(context, {
    organizationId: request.organizationId,
    before: readCursor(request),
    limit: request.limit + 1,
  });
  const seen = { sessionId, now: context.clocks.wall() };
  return pageOf(
    accesses,
    request,
    ({ id }) => id,
    (access) => presentAccess(access, seen),
  );
}

/** Who looks, and when. */
interface Seen {
  sessionId: string;
  now: Date;
}

function presentAccess(
  access: SupportAccessWithSessions,
  seen: Seen,
): z.output<typeof SupportAccess> {
  return {
    id: access.id,
    organization: access.organizationId,
    scope: access.scope,
    status: statusOfAccess(access, seen.now),
    note: access.note,
    granted_by: access.grantedBy,
    created_at: access.createdAt.toISOString(),
    expires_at: access.expiresAt.toISOString(),
    revoked_at: access.revokedAt?.toISOString() ?? null,
    sessions: access.sessions.map((session) => presentSession(session, seen)),
  };
}

function presentSession(
  session: SupportSession,
  { sessionId, now }: Seen,
): z.output<typeof SupportSessionView> {
  return {
    id: session.id,
    organization: session.organizationId,
    scope: session.scope,
    operator: session.operator,
    reason: session.reason,
    own: session.sessionId === sessionId,
    started_at: session.createdAt.toISOString(),
    ends_at: (session.endedAt ?? session.expiresAt).toISOString(),
    live: isLive(session, now),
  };
}

/** The table lets only people in here. */
function personOf(caller: Caller): UserCaller {
  invariant(caller.kind === 'user', 'this operation is a person’s');
  return caller;
}
