import * as contract from '@sluice/contract/members';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Call, Routes } from '../../platform/http/routes.ts';
import { accountHolderOf } from './http-accounts.ts';
import { acceptInvitation, openInvitation } from './operations/accept-invitation.ts';
import { changeMemberRole, leaveOrganization, removeMember } from './operations/change-members.ts';
import { closeOrganization } from './operations/close-organization.ts';
import type { Acting } from './operations/hold-organization.ts';
import {
  createInvitation,
  listInvitations,
  resendInvitation,
  revokeInvitation,
} from './operations/invitations.ts';
import { countRequest } from './operations/limit-address.ts';
import { openOrganization } from './operations/open-organization.ts';
import { transferOrganization } from './operations/transfer-organization.ts';
import { presentInvitation, presentMember, presentOwnMembership } from './present.ts';
import { findMembers } from './store/members.ts';

/** From one address; a whole company may sit behind it. */
const openedPerHour = 600;

/** Organizations and their people. */
export function registerTeams(routes: Routes): void {
  registerOrganizations(routes);
  registerMembers(routes);
  registerInvitations(routes);
}

/** Who acts, in the organization of the path. */
export function actingOf({
  caller,
  params,
}: Pick<Call<typeof contract.listMembers>, 'caller' | 'params'>): Acting {
  return { organizationId: params.id, userId: accountHolderOf(caller).userId };
}

function registerOrganizations(routes: Routes): void {
  routes.serve(contract.createOrganization, async ({ context, caller, body }) => {
    const { userId } = accountHolderOf(caller);
    const command = { userId, name: body.name, timeZone: body.time_zone };
    return presentOwnMembership(await openOrganization(context, command));
  });
  routes.serve(contract.deleteOrganization, (call) =>
    closeOrganization(call.context, actingOf(call)),
  );
  routes.serve(contract.leaveOrganization, (call) =>
    leaveOrganization(call.context, actingOf(call)),
  );
  routes.serve(contract.transferOrganization, async ({ context, caller, params, body }) => {
    const { member: memberId, ...proof } = body;
    const command = { organizationId: params.id, memberId, proof };
    return presentMember(await transferOrganization(context, accountHolderOf(caller), command));
  });
}

function registerMembers(routes: Routes): void {
  routes.serve(contract.listMembers, async ({ context, organizationId, query }) => {
    const page = { organizationId, after: readCursor(query), limit: query.limit + 1 };
    const members = await findMembers(context.database, page);
    return pageOf(members, query, ({ userId }) => userId, presentMember);
  });
  routes.serve(contract.updateMember, async (call) => {
    const change = { memberId: call.params.user_id, role: call.body.role };
    return presentMember(await changeMemberRole(call.context, actingOf(call), change));
  });
  routes.serve(contract.removeMember, (call) =>
    removeMember(call.context, actingOf(call), call.params.user_id),
  );
}

function registerInvitations(routes: Routes): void {
  routes.serve(contract.listInvitations, async ({ context, organizationId, query }) => {
    const page = { organizationId, before: readCursor(query), limit: query.limit + 1 };
    const invitations = await listInvitations(context.database, page);
    const now = context.clocks.wall();
    return pageOf(
      invitations,
      query,
      ({ id }) => id,
      (one) => presentInvitation(one, now),
    );
  });
  routes.serve(contract.createInvitation, async (call) => {
    const invitation = await createInvitation(call.context, actingOf(call), call.body);
    return presentInvitation(invitation, call.context.clocks.wall());
  });
  routes.serve(contract.resendInvitation, async (call) => {
    const { invitation_id: id } = call.params;
    const invitation = await resendInvitation(call.context, actingOf(call), id);
    return presentInvitation(invitation, call.context.clocks.wall());
  });
  routes.serve(contract.revokeInvitation, (call) =>
    revokeInvitation(call.context, actingOf(call), call.params.invitation_id),
  );
  routes.serve(contract.openInvitation, async ({ context, body }) => {
    const { ip } = context.actor;
    await countRequest(context, { subject: `invitations_opened:${ip}`, perHour: openedPerHour });
    const { invitation, organization } = await openInvitation(context, body.token);
    const { email, role, role_name, invited_by, expires_at } = presentInvitation(
      invitation,
      context.clocks.wall(),
    );
    const { name } = organization;
    return { organization: { name }, email, role, role_name, invited_by, expires_at };
  });
  routes.serve(contract.acceptInvitation, async ({ context, caller, body }) => {
    const { userId } = accountHolderOf(caller);
    const membership = await acceptInvitation(context, { userId, token: body.token });
    return presentOwnMembership(membership);
  });
}
