/** People, their sessions and their organizations. */
import { z } from 'zod';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { permissions, platformPermissions } from './permissions.ts';

export const Email = z.email('Write a mail address such as "ada@example.com".').max(254);
export const Password = z
  .string()
  .min(8, 'Use a password of at least 8 characters.')
  .max(200, 'Use a password of at most 200 characters.');
const Username = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]$/i,
    'A user name has 3 to 32 letters, digits, dots, dashes or underscores, and starts and ends with a letter or digit.',
  );
export const Locale = z.enum(['en', 'zh-CN']);
export type Locale = z.infer<typeof Locale>;

export const User = z
  .object({
    id: z.string(),
    email: z.string(),
    email_verified: z.boolean(),
    name: z.string().nullable(),
    username: z.string().nullable(),
    locale: Locale,
    platform_role: z.string().meta({
      description: '`user`, a built-in role (operator, admin) or the id of a custom one.',
    }),
    status: z.enum(['active', 'suspended']),
    created_at: Instant,
  })
  .meta({ id: 'User' });

export const Organization = z
  .object({
    id: z.string(),
    name: z.string(),
    personal: z.boolean(),
    status: z.enum(['active', 'past_due', 'suspended']),
    past_due_since: Instant.nullable(),
    time_zone: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'Organization' });

export const Membership = Organization.extend({
  role: z.string().meta({
    description: 'A built-in role (owner, admin, billing, member) or the id of a custom one.',
  }),
  role_name: z.string().nullable().meta({ description: 'Null for a built-in role.' }),
}).meta({ id: 'Membership' });

export const Session = z
  .object({
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.number().int().meta({ description: 'Seconds until the access token expires.' }),
    user: User,
  })
  .meta({ id: 'Session' });

export const register = endpoint({
  operation: 'register',
  method: 'POST',
  path: '/api/v1/auth/register',
  summary:
    'Signs a person up with an organization of their own, and mails a link that verifies the address.',
  body: z.strictObject({
    email: Email,
    password: Password,
    name: nameOf('account').optional(),
    username: Username.optional(),
    invite_code: z.string().max(64).optional(),
    invitation: z.string().min(1).max(200).optional().meta({
      description: 'Token of an invitation to an organization, sent to this mail address.',
    }),
    locale: Locale.optional(),
  }),
  answer: z.object({ user: User, organization: Organization }),
  status: 201,
  refusals: [
    'already_exists',
    'password_common',
    'password_personal',
    'link_invalid',
    'invitation_for_another',
    'too_many_requests',
  ],
  example: { email: 'ada@example.com', password: 'correct horse battery', locale: 'en' },
});

export const verifyEmail = endpoint({
  operation: 'verifyEmail',
  method: 'POST',
  path: '/api/v1/auth/verify-email',
  summary: 'Confirms a mail address with the token from the mailed link.',
  body: z.strictObject({ token: z.string().min(1).max(200) }),
  answer: z.object({ user: User }),
  refusals: ['link_invalid'],
});

export const login = endpoint({
  operation: 'login',
  method: 'POST',
  path: '/api/v1/auth/login',
  summary:
    'Signs in with a mail address or user name; answers tokens and sets the session cookies.',
  body: z.strictObject({
    login: z.string().trim().min(1).max(254),
    password: z.string().min(1).max(200),
    totp: z.string().max(20).optional().meta({
      description:
        'A code of the person’s authenticator or a recovery code, where `totp_required` asked for it.',
    }),
  }),
  answer: Session,
  refusals: [
    'invalid_credentials',
    'totp_required',
    'totp_invalid',
    'email_not_verified',
    'user_suspended',
    'too_many_requests',
  ],
  example: { login: 'ada@example.com', password: 'correct horse battery' },
});

const RefreshBody = z.strictObject({ refresh_token: z.string().min(1).max(200).optional() });

export const refreshSession = endpoint({
  operation: 'refreshSession',
  method: 'POST',
  path: '/api/v1/auth/refresh',
  summary:
    'Rotates a refresh token, from the body or the cookie; an old one used again ends the whole session.',
  body: RefreshBody,
  answer: Session,
  refusals: ['token_invalid', 'token_reused'],
});

export const logout = endpoint({
  operation: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  summary: 'Ends the session that the refresh token, from the body or the cookie, belongs to.',
  body: RefreshBody,
  status: 204,
});

export const forgotPassword = endpoint({
  operation: 'forgotPassword',
  method: 'POST',
  path: '/api/v1/auth/forgot-password',
  summary:
    'Mails a link that sets a new password; the answer is the same whether or not the address is known.',
  body: z.strictObject({ email: Email }),
  status: 202,
  refusals: ['too_many_requests'],
});

export const resetPassword = endpoint({
  operation: 'resetPassword',
  method: 'POST',
  path: '/api/v1/auth/reset-password',
  summary: 'Sets a new password with the token from the mailed link, and ends every session.',
  body: z.strictObject({ token: z.string().min(1).max(200), password: Password }),
  status: 204,
  refusals: ['link_invalid', 'password_common', 'password_personal'],
});

export const getJwks = endpoint({
  operation: 'getJwks',
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary:
    'Public keys with which an application checks our access tokens by itself: EdDSA, `iss` and `aud` are the public URL, `sub` is the person, `organization` their own organization, `sid` the session.',
  answer: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
});

export const OwnMembership = Membership.extend({ permissions: z.array(z.enum(permissions)) }).meta({
  id: 'OwnMembership',
  description: 'An organization of the signed-in person, and what their role in it allows.',
});

const Me = z.object({
  user: User,
  organizations: z.array(OwnMembership),
  platform_permissions: z
    .array(z.enum(platformPermissions))
    .meta({ description: 'What the person may do on the deployment; empty for a customer.' }),
});

export const getMe = endpoint({
  operation: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  summary: 'The signed-in person and the organizations they belong to.',
  answer: Me,
});

export const updateMe = endpoint({
  operation: 'updateMe',
  method: 'PATCH',
  path: '/api/v1/me',
  summary: 'Changes the name, user name or language of the signed-in person.',
  body: z.strictObject({
    name: nameOf('account').nullable().optional(),
    username: Username.nullable().optional(),
    locale: Locale.optional(),
  }),
  answer: Me,
  refusals: ['already_exists'],
});

export const listOrganizations = endpoint({
  operation: 'listOrganizations',
  method: 'GET',
  path: '/api/v1/organizations',
  summary: 'The organizations that the signed-in person belongs to.',
  query: PageQuery,
  answer: pageOf(Membership),
});

export const getOrganization = endpoint({
  operation: 'getOrganization',
  method: 'GET',
  path: '/api/v1/organizations/{id}',
  summary: 'One organization of the signed-in person.',
  params: IdParams,
  answer: Organization,
});

export const updateOrganization = endpoint({
  operation: 'updateOrganization',
  method: 'PATCH',
  path: '/api/v1/organizations/{id}',
  summary:
    'Renames an organization or moves it to another time zone, from the next reset of allowances on.',
  params: IdParams,
  body: z.strictObject({
    name: nameOf('organization').optional(),
    time_zone: z.string().max(64).optional(),
  }),
  answer: Organization,
});
