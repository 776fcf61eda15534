/** People of an organization: who belongs to it, who is invited, and how organizations begin, change hands and end. */
import { z } from 'zod';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Organization, OwnMembership } from './identity.ts';
import { RoleReference } from './roles.ts';

const Email = z.email('Write a mail address such as "ada@example.com".').max(254);
const Token = z.string().min(1).max(200);
const TimeZone = z.string().max(64);

export const Member = z
  .object({
    id: z.string().meta({ description: 'The user’s id.' }),
    role: z.string(),
    role_name: z.string().nullable().meta({ description: 'Null for a built-in role.' }),
    name: z.string().nullable(),
    email: z.string(),
    second_factor: z
      .boolean()
      .meta({ description: 'Whether signing in takes more than one proof.' }),
    joined_at: Instant,
  })
  .meta({ id: 'Member' });

const MemberParams = IdParams.extend({ user_id: z.string().min(1).max(100) });

export const createOrganization = endpoint({
  operation: 'createOrganization',
  method: 'POST',
  path: '/api/v1/organizations',
  summary: 'Makes an organization that the signed-in person owns.',
  body: z.strictObject({ name: nameOf('organization'), time_zone: TimeZone.optional() }),
  answer: OwnMembership,
  status: 201,
  refusals: ['rule_violated'],
  idempotent: true,
  example: { name: 'Analytical Engines' },
});

export const deleteOrganization = endpoint({
  operation: 'deleteOrganization',
  method: 'DELETE',
  path: '/api/v1/organizations/{id}',
  summary:
    'Closes an organization without open invoices, payments under way or a running subscription: its keys stop, its members and invitations go, its books stay.',
  params: IdParams,
  status: 204,
  refusals: ['invalid_state', 'money_owed', 'subscription_live'],
});

export const leaveOrganization = endpoint({
  operation: 'leaveOrganization',
  method: 'POST',
  path: '/api/v1/organizations/{id}/leave',
  summary: 'Ends the signed-in person’s membership; keys that they made stay the organization’s.',
  params: IdParams,
  status: 204,
  refusals: ['last_owner', 'invalid_state'],
});

export const transferOrganization = endpoint({
  operation: 'transferOrganization',
  method: 'POST',
  path: '/api/v1/organizations/{id}/transfer',
  summary:
    'Hands an organization over to another member, who becomes its owner while the caller becomes an admin. Asks for the password or a code, unless the session began with a second factor within the last 15 minutes.',
  params: IdParams,
  body: z.strictObject({
    member: z.string().min(1).max(100),
    password: z.string().min(1).max(200).optional(),
    totp: z.string().trim().min(1).max(20).optional(),
  }),
  answer: Member,
  refusals: ['proof_required', 'proof_invalid', 'invalid_state', 'too_many_requests'],
  example: { member: 'usr_01jd2m3z9k5q8w7x6v4t3r2s1p', password: 'correct horse battery' },
});

export const listMembers = endpoint({
  operation: 'listMembers',
  method: 'GET',
  path: '/api/v1/organizations/{id}/members',
  summary: 'People of an organization with their roles.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(Member),
});

export const updateMember = endpoint({
  operation: 'updateMember',
  method: 'PATCH',
  path: '/api/v1/organizations/{id}/members/{user_id}',
  summary: 'Gives a member another role, from their next request on.',
  params: MemberParams,
  body: z.strictObject({ role: RoleReference }),
  answer: Member,
  refusals: ['permission_not_held', 'last_owner', 'role_unknown', 'invalid_state'],
  example: { role: 'billing' },
});

export const removeMember = endpoint({
  operation: 'removeMember',
  method: 'DELETE',
  path: '/api/v1/organizations/{id}/members/{user_id}',
  summary:
    'Takes a person out of an organization at once; keys that they made stay the organization’s.',
  params: MemberParams,
  status: 204,
  refusals: ['permission_not_held', 'last_owner', 'invalid_state'],
});

export const Invitation = z
  .object({
    id: z.string(),
    email: z.string(),
    role: z.string(),
    role_name: z.string().nullable(),
    status: z.enum(['open', 'expired']),
    invited_by: z.string().nullable().meta({ description: 'Name or mail address of the inviter.' }),
    sent_at: Instant,
    expires_at: Instant,
    created_at: Instant,
  })
  .meta({ id: 'Invitation' });

const InvitationParams = IdParams.extend({ invitation_id: z.string().min(1).max(100) });

export const listInvitations = endpoint({
  operation: 'listInvitations',
  method: 'GET',
  path: '/api/v1/organizations/{id}/invitations',
  summary: 'Invitations that nobody has accepted or taken back.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(Invitation),
});

export const createInvitation = endpoint({
  operation: 'createInvitation',
  method: 'POST',
  path: '/api/v1/organizations/{id}/invitations',
  summary:
    'Mails an invitation to join with a role that the inviter could give; it lasts seven days.',
  params: IdParams,
  body: z.strictObject({ email: Email, role: RoleReference }),
  answer: Invitation,
  status: 201,
  refusals: ['already_exists', 'permission_not_held', 'role_unknown', 'too_many_requests'],
  idempotent: true,
  example: { email: 'grace@example.com', role: 'member' },
});

export const resendInvitation = endpoint({
  operation: 'resendInvitation',
  method: 'POST',
  path: '/api/v1/organizations/{id}/invitations/{invitation_id}/resend',
  summary: 'Mails an invitation again with a fresh link of seven days; the old link stops working.',
  params: InvitationParams,
  answer: Invitation,
  refusals: ['permission_not_held', 'too_many_requests'],
});

export const revokeInvitation = endpoint({
  operation: 'revokeInvitation',
  method: 'DELETE',
  path: '/api/v1/organizations/{id}/invitations/{invitation_id}',
  summary: 'Takes an invitation back; its link stops working.',
  params: InvitationParams,
  status: 204,
});

export const openInvitation = endpoint({
  operation: 'openInvitation',
  method: 'POST',
  path: '/api/v1/invitations/open',
  summary: 'What an invitation is to, for whoever holds its link.',
  body: z.strictObject({ token: Token }),
  answer: z.object({
    organization: Organization.pick({ name: true }),
    email: z.string(),
    role: z.string(),
    role_name: z.string().nullable(),
    invited_by: z.string().nullable(),
    expires_at: Instant,
  }),
  refusals: ['link_invalid', 'too_many_requests'],
});

export const acceptInvitation = endpoint({
  operation: 'acceptInvitation',
  method: 'POST',
  path: '/api/v1/invitations/accept',
  summary: 'Joins the organization; only for the person whose mail address was invited.',
  body: z.strictObject({ token: Token }),
  answer: OwnMembership,
  refusals: ['link_invalid', 'invitation_for_another', 'already_exists'],
});
