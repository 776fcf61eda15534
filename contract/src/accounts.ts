/** What a person does with their own sign-in: second factor, sessions, mail address, password, personal data. */
import { z } from 'zod';
import { IdParams, Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Email, Password, User } from './identity.ts';

const Code = z.string().trim().min(1).max(20);

/** Shows once more who asks; which of the two is needed, the refusals say. */
const proof = {
  password: z.string().min(1).max(200).optional(),
  totp: Code.optional().meta({
    description: 'A code of the person’s authenticator or a recovery code.',
  }),
};

const RecoveryCodes = z.array(z.string()).meta({
  description: 'Shown this once; each stands in for one code of the authenticator.',
});

export const getSignInMethods = endpoint({
  operation: 'getSignInMethods',
  method: 'GET',
  path: '/api/v1/auth/methods',
  summary:
    'The ways to sign in that this deployment offers to anyone, and the one that an organization asks of a mail domain.',
  query: z.strictObject({ login: z.string().trim().max(254).optional() }),
  answer: z.object({
    methods: z.array(
      z
        .object({
          kind: z.enum(['password', 'passkey', 'ldap', 'oidc', 'saml']),
          id: z
            .string()
            .nullable()
            .meta({ description: 'Of the identity provider, if it is one.' }),
          name: z.string().nullable(),
        })
        .meta({ id: 'SignInMethod' }),
    ),
    own_way: z
      .object({
        kind: z.enum(['oidc', 'saml']),
        id: z.string(),
        name: z.string(),
        required: z.boolean(),
      })
      .nullable()
      .meta({
        description:
          'Of the mail domain in `login`; the same whether or not anybody has that address.',
      }),
  }),
});

export const getMySecurity = endpoint({
  operation: 'getMySecurity',
  method: 'GET',
  path: '/api/v1/me/security',
  summary: 'How the signed-in person’s account is protected.',
  answer: z
    .object({
      has_password: z.boolean(),
      totp: z.object({
        enabled: z.boolean(),
        enabled_at: Instant.nullable(),
        recovery_codes_left: z.number().int(),
      }),
      passkeys: z.number().int(),
      passkeys_available: z.boolean().meta({
        description: 'Browsers take passkeys for names with HTTPS, and for localhost.',
      }),
      new_email: z.string().nullable().meta({
        description: 'The address that waits for its link to be opened.',
      }),
    })
    .meta({ id: 'AccountSecurity' }),
});

export const setupTotp = endpoint({
  operation: 'setupTotp',
  method: 'POST',
  path: '/api/v1/auth/totp/setup',
  summary:
    'Makes the secret for an authenticator app; it protects nothing until a first code enables it.',
  body: z.strictObject(proof),
  answer: z.object({
    secret: z.string(),
    otpauth_url: z.string().meta({ description: 'What the picture for the app holds.' }),
  }),
  refusals: ['proof_required', 'proof_invalid', 'invalid_state'],
});

export const enableTotp = endpoint({
  operation: 'enableTotp',
  method: 'POST',
  path: '/api/v1/auth/totp/enable',
  summary:
    'Asks for a code at every sign-in from now on; the first one proves that the app has it.',
  body: z.strictObject({ totp: Code }),
  answer: z.object({ recovery_codes: RecoveryCodes }),
  refusals: ['proof_invalid', 'invalid_state'],
  example: { totp: '123456' },
});

export const disableTotp = endpoint({
  operation: 'disableTotp',
  method: 'POST',
  path: '/api/v1/auth/totp/disable',
  summary: 'Asks for no code any more; takes the password, where there is one, and a code.',
  body: z.strictObject({ ...proof, totp: Code }),
  status: 204,
  refusals: ['proof_required', 'proof_invalid', 'invalid_state'],
  example: { password: 'mountains of tin foil', totp: '123456' },
});

export const renewRecoveryCodes = endpoint({
  operation: 'renewRecoveryCodes',
  method: 'POST',
  path: '/api/v1/auth/totp/recovery-codes',
  summary: 'Makes ten recovery codes in place of all earlier ones.',
  body: z.strictObject({ ...proof, totp: Code }),
  answer: z.object({ recovery_codes: RecoveryCodes }),
  refusals: ['proof_required', 'proof_invalid', 'invalid_state'],
  example: { password: 'mountains of tin foil', totp: '123456' },
});

const MySession = z
  .object({
    id: z.string(),
    current: z.boolean().meta({ description: 'The session that asks.' }),
    device: z.string().nullable().meta({ description: 'In words, such as "Firefox · Windows".' }),
    user_agent: z.string().nullable(),
    ip: z.string().nullable(),
    method: z.enum(['password', 'passkey', 'ldap', 'oidc', 'saml', 'portal_link']),
    has_second_factor: z.boolean(),
    created_at: Instant,
    last_seen_at: Instant.meta({ description: 'To within fifteen minutes.' }),
    expires_at: Instant,
  })
  .meta({ id: 'MySession' });

export const listMySessions = endpoint({
  operation: 'listMySessions',
  method: 'GET',
  path: '/api/v1/me/sessions',
  summary: 'The signed-in person’s open sessions, the last seen first; at most a hundred.',
  answer: z.object({ data: z.array(MySession), next_cursor: z.null() }),
});

export const endMySession = endpoint({
  operation: 'endMySession',
  method: 'DELETE',
  path: '/api/v1/me/sessions/{id}',
  summary: 'Ends one session of the signed-in person.',
  params: IdParams,
  status: 204,
});

export const endOtherSessions = endpoint({
  operation: 'endOtherSessions',
  method: 'POST',
  path: '/api/v1/me/sessions/end-others',
  summary: 'Ends every session of the signed-in person but the one that asks.',
  body: z.strictObject({}),
  answer: z.object({ ended: z.number().int() }),
});

export const changePassword = endpoint({
  operation: 'changePassword',
  method: 'PUT',
  path: '/api/v1/me/password',
  summary:
    'Sets another password and ends every other session; takes the old one, where there is one.',
  body: z.strictObject({
    old_password: z.string().min(1).max(200).optional(),
    totp: Code.optional(),
    password: Password,
  }),
  status: 204,
  refusals: ['proof_required', 'proof_invalid', 'password_common', 'password_personal'],
  example: { old_password: 'mountains of tin foil', password: 'staple the horse again' },
});

export const changeEmail = endpoint({
  operation: 'changeEmail',
  method: 'POST',
  path: '/api/v1/me/email',
  summary:
    'Mails a link to another address, which becomes the account’s once the link is opened; the answer is the same where somebody has the address.',
  body: z.strictObject({ email: Email, ...proof }),
  status: 202,
  refusals: ['proof_required', 'proof_invalid', 'too_many_requests'],
  example: { email: 'ada@example.org', password: 'mountains of tin foil' },
});

export const confirmEmail = endpoint({
  operation: 'confirmEmail',
  method: 'POST',
  path: '/api/v1/auth/confirm-email',
  summary:
    'Takes the new mail address with the token from the link mailed there; the old one is told, and can take it back for seven days.',
  body: z.strictObject({ token: z.string().min(1).max(200) }),
  answer: z.object({ user: User }),
  refusals: ['link_invalid', 'already_exists'],
});

export const undoEmail = endpoint({
  operation: 'undoEmail',
  method: 'POST',
  path: '/api/v1/auth/undo-email',
  summary:
    'Gives the account its old mail address back, ends every session, removes what was added to sign in with since, and mails a link for a new password.',
  body: z.strictObject({ token: z.string().min(1).max(200) }),
  answer: z.object({ user: User }),
  refusals: ['link_invalid'],
});

export const exportMe = endpoint({
  operation: 'exportMe',
  method: 'GET',
  path: '/api/v1/me/export',
  summary: 'Everything that is kept about the signed-in person, as a ZIP file of JSON.',
  refusals: ['too_many_requests'],
});

export const deleteMe = endpoint({
  operation: 'deleteMe',
  method: 'DELETE',
  path: '/api/v1/me',
  summary:
    'Deletes the account at once; invoices and payments stay without the person, as long as the law asks for them.',
  body: z.strictObject(proof),
  status: 204,
  refusals: [
    'proof_required',
    'proof_invalid',
    'last_owner',
    'last_admin',
    'money_owed',
    'subscription_live',
  ],
  example: { password: 'mountains of tin foil' },
});
