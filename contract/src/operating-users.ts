/** What operators do about people and the standing of organizations. */
import { z } from 'zod';
import { IdParams, Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Membership, Organization, User } from './identity.ts';

const reason = z
  .string()
  .trim()
  .min(3, 'Say why, in a few words: the audit log keeps it.')
  .max(500, 'Keep the reason within 500 characters.');

export const UserDetails = User.extend({
  organizations: z.array(Membership),
  suspended: z
    .object({ since: Instant, reason: z.string().nullable() })
    .nullable()
    .meta({ description: 'Null unless the person is suspended.' }),
  second_factor: z.boolean().meta({ description: 'Whether signing in takes more than one proof.' }),
  sessions: z.array(
    z.object({
      id: z.string(),
      method: z.enum(['password', 'passkey', 'ldap', 'oidc', 'saml', 'portal_link']),
      ip: z.string().nullable(),
      user_agent: z.string().nullable(),
      started_at: Instant,
      expires_at: Instant,
    }),
  ),
}).meta({ id: 'UserDetails' });

export const inspectUser = endpoint({
  operation: 'inspectUser',
  method: 'GET',
  path: '/api/v1/admin/users/{id}',
  summary: 'A person with their organizations and what they are signed in with.',
  params: IdParams,
  answer: UserDetails,
});

export const setUserStatus = endpoint({
  operation: 'setUserStatus',
  method: 'PATCH',
  path: '/api/v1/admin/users/{id}',
  summary:
    'Suspends a person, or lets them in again. Suspended, their sessions end at once and API keys that they made are refused until the suspension is lifted.',
  params: IdParams,
  body: z.strictObject({ status: z.enum(['active', 'suspended']), reason }),
  answer: UserDetails,
  refusals: ['rule_violated'],
  example: { status: 'suspended', reason: 'The mailbox was taken over; see ticket 4711.' },
});

export const deleteUser = endpoint({
  operation: 'deleteUser',
  method: 'DELETE',
  path: '/api/v1/admin/users/{id}',
  summary:
    'Deletes a person’s account at once, with its own organization, and tells them by mail; invoices and payments stay without the person, as long as the law asks for them.',
  params: IdParams,
  body: z.strictObject({ reason }),
  status: 204,
  refusals: ['rule_violated', 'last_owner', 'last_admin', 'money_owed', 'subscription_live'],
  example: { reason: 'Asked for it by letter; see ticket 4712.' },
});

export const endUserSessions = endpoint({
  operation: 'endUserSessions',
  method: 'POST',
  path: '/api/v1/admin/users/{id}/end-sessions',
  summary: 'Signs a person out everywhere.',
  params: IdParams,
  body: z.strictObject({ reason }),
  answer: z.object({ ended: z.number().int() }),
});

export const resetSecondFactor = endpoint({
  operation: 'resetSecondFactor',
  method: 'POST',
  path: '/api/v1/admin/users/{id}/reset-second-factor',
  summary:
    'Takes authenticator, recovery codes and passkeys off a person who has lost them, signs them out everywhere, and tells them by mail.',
  params: IdParams,
  body: z.strictObject({ reason }),
  answer: UserDetails,
  refusals: ['invalid_state', 'rule_violated'],
  example: { reason: 'Lost the phone; called back on the number of the contract.' },
});

export const resendVerification = endpoint({
  operation: 'resendVerification',
  method: 'POST',
  path: '/api/v1/admin/users/{id}/verification-mail',
  summary: 'Mails the link again that verifies a person’s address.',
  params: IdParams,
  status: 202,
  refusals: ['invalid_state', 'too_many_requests'],
});

export const setOrganizationStatus = endpoint({
  operation: 'setOrganizationStatus',
  method: 'PATCH',
  path: '/api/v1/admin/organizations/{id}',
  summary:
    'Suspends an organization, marks it past due, or makes it active again; its keys stop or work at once, those of one that is past due after the days of grace.',
  params: IdParams,
  body: z.strictObject({
    status: z.enum(['active', 'past_due', 'suspended']),
    reason: reason.optional().meta({ description: 'Kept in the audit log.' }),
  }),
  answer: Organization,
});
