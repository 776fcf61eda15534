/** Support that a customer lets in: the customer's consent, and an operator's session under it. */
import { z } from 'zod';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const supportScopes = ['read', 'full'] as const;
const Scope = z.enum(supportScopes).meta({
  description:
    '`read` sees what an admin sees. `full` also changes the name, the time zone and cost centers. Neither reads or makes secrets, changes members, roles, security or who is mailed, or moves money.',
});
export const supportHoursMax = 72;

const Operator = z.object({ id: z.string(), name: z.string() });

export const SupportSession = z
  .object({
    id: z.string(),
    organization: z.string(),
    scope: Scope,
    operator: Operator,
    reason: z.string(),
    own: z.boolean().meta({ description: 'Whether it is the one of this very sign-in.' }),
    started_at: Instant,
    ends_at: Instant.meta({ description: 'By itself, or when it was ended.' }),
    live: z.boolean(),
  })
  .meta({ id: 'SupportSession' });

export const SupportAccess = z
  .object({
    id: z.string(),
    organization: z.string(),
    scope: Scope,
    status: z.enum(['active', 'revoked', 'expired']),
    note: z.string().nullable(),
    granted_by: Operator,
    created_at: Instant,
    expires_at: Instant,
    revoked_at: Instant.nullable(),
    sessions: z.array(SupportSession),
  })
  .meta({ id: 'SupportAccess' });

export const listSupportAccesses = endpoint({
  operation: 'listSupportAccesses',
  method: 'GET',
  path: '/api/v1/organizations/{id}/support-access',
  summary: 'What support an organization has let in, and who came, newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(SupportAccess),
});

export const allowSupport = endpoint({
  operation: 'allowSupport',
  method: 'POST',
  path: '/api/v1/organizations/{id}/support-access',
  summary:
    'Lets operators act in the organization for some hours, in the place of what was allowed before.',
  params: IdParams,
  body: z.strictObject({
    scope: Scope,
    hours: z.number().int().min(1).max(supportHoursMax),
    note: z.string().trim().max(500).optional().meta({ description: 'What it is about.' }),
  }),
  answer: SupportAccess,
  status: 201,
  refusals: ['permission_not_held'],
  idempotent: true,
  example: { scope: 'read', hours: 24, note: 'Our calls of last night were refused.' },
});

export const revokeSupport = endpoint({
  operation: 'revokeSupport',
  method: 'DELETE',
  path: '/api/v1/organizations/{id}/support-access',
  summary: 'Takes the consent back; whoever acts under it is out at their next request.',
  params: IdParams,
  status: 204,
  refusals: ['permission_not_held'],
});

export const listSupportSessions = endpoint({
  operation: 'listSupportSessions',
  method: 'GET',
  path: '/api/v1/support-sessions',
  summary: 'Who acts in the acting organization for support right now.',
  answer: z.object({ data: z.array(SupportSession) }),
});

export const inspectSupportAccesses = endpoint({
  operation: 'inspectSupportAccesses',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/support-access',
  summary: 'What support a customer has let in, and who came, newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(SupportAccess),
});

export const openSupportSession = endpoint({
  operation: 'openSupportSession',
  method: 'POST',
  path: '/api/v1/admin/organizations/{id}/support-session',
  summary:
    'Begins to act in a customer’s organization with their consent: the same sign-in, with `Sluice-Organization` naming it.',
  params: IdParams,
  body: z.strictObject({
    reason: z
      .string()
      .trim()
      .min(3, 'Say what you are going to do: the customer reads it.')
      .max(500, 'Keep the reason within 500 characters.'),
  }),
  answer: SupportSession,
  status: 201,
  refusals: ['support_not_allowed', 'invalid_state'],
  example: { reason: 'Finding out why last night’s calls were refused.' },
});

export const endSupportSession = endpoint({
  operation: 'endSupportSession',
  method: 'DELETE',
  path: '/api/v1/admin/organizations/{id}/support-session',
  summary: 'Ends the support session of this sign-in in a customer’s organization.',
  params: IdParams,
  status: 204,
});
