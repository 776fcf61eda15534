/** Directories and identity providers that prove people to us, as operators set them up. */
import { z } from 'zod';
import { IdParams, Instant, nameOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const httpUrl = z.url({ protocol: /^https?$/, error: 'Write an http or https address.' }).max(500);
const Attribute = z
  .string()
  .trim()
  .regex(/^[A-Za-z][A-Za-z0-9;._-]{0,63}$/, 'Write the name of an attribute, such as mail.');
const Group = z.string().trim().min(1, 'Name a group.').max(300);

/** What groups of the provider give here: the highest platform role wins; a role goes when its group does. */
const groupMappings = {
  admin_groups: z.array(Group).max(50).default([]),
  operator_groups: z.array(Group).max(50).default([]),
  organization_groups: z
    .array(
      z.strictObject({
        group: Group,
        organization: z.string().min(1).max(100),
        role: z.enum(['admin', 'billing', 'member']),
      }),
    )
    .max(200)
    .default([]),
};

export const LdapSettings = z
  .strictObject({
    url: z
      .url({
        protocol: /^ldaps?$/,
        error: 'Write an address that starts with ldap:// or ldaps://.',
      })
      .max(500),
    start_tls: z.boolean().default(false),
    ca: z.string().max(50_000).nullable().default(null).meta({
      description: 'Certificates that vouch for the directory, as PEM; the usual ones when null.',
    }),
    bind_dn: z.string().max(500).default('').meta({
      description: 'Who reads the directory; empty for anybody.',
    }),
    base_dn: z
      .string()
      .trim()
      .min(1, 'Say where people are, such as ou=people,dc=example.')
      .max(500),
    user_filter: z
      .string()
      .max(1000)
      .refine((text) => text.includes('{login}'), 'Let {login} stand for what somebody types.')
      .default('(&(objectClass=person)(|(uid={login})(mail={login})))')
      .meta({ description: '`{login}` stands for what somebody types.' }),
    group_base_dn: z.string().max(500).default('').meta({
      description: 'Where groups are; `base_dn` when empty.',
    }),
    group_filter: z
      .string()
      .max(1000)
      .default('(|(member={dn})(uniqueMember={dn})(memberUid={uid}))')
      .meta({
        description: '`{dn}` and `{uid}` stand for the person; empty: groups are not read.',
      }),
    id_attribute: Attribute.default('entryUUID').meta({
      description:
        'What stays the same when a person is renamed: entryUUID, objectGUID, nsUniqueId.',
    }),
    mail_attribute: Attribute.default('mail'),
    name_attribute: Attribute.default('cn'),
    uid_attribute: Attribute.default('uid'),
    timeout_ms: z.number().int().min(500).max(20_000).default(5000),
    ...groupMappings,
  })
  .meta({ id: 'LdapSettings' });
export type LdapSettings = z.infer<typeof LdapSettings>;

export const OidcSettings = z
  .strictObject({
    issuer: httpUrl,
    client_id: z.string().trim().min(1, 'Write the client id.').max(300),
    client_auth: z
      .enum(['client_secret_basic', 'client_secret_post'])
      .default('client_secret_basic'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'A scope has no spaces.'))
      .max(20)
      .default(['openid', 'email', 'profile']),
    groups_claim: z.string().max(100).default('groups'),
    ...groupMappings,
  })
  .meta({ id: 'OidcSettings' });
export type OidcSettings = z.infer<typeof OidcSettings>;

export const SamlSettings = z
  .strictObject({
    entity_id: z.string().trim().min(1, 'Write the entity id of the identity provider.').max(500),
    sign_in_url: httpUrl,
    certificate: z.string().trim().min(1, 'Paste the signing certificate as PEM.').max(50_000),
    mail_attribute: z.string().max(200).default('').meta({
      description: 'Attribute that holds the mail address; the name id when empty.',
    }),
    name_attribute: z.string().max(200).default('displayName'),
    groups_attribute: z.string().max(200).default('groups'),
    ...groupMappings,
  })
  .meta({ id: 'SamlSettings' });
export type SamlSettings = z.infer<typeof SamlSettings>;

const Kind = z.enum(['ldap', 'oidc', 'saml']);

export const SignInProvider = z
  .object({
    id: z.string(),
    kind: Kind,
    name: z.string(),
    enabled: z.boolean(),
    has_secret: z.boolean(),
    from_environment: z.boolean().meta({
      description: '`LDAP_URL` sets it up: it is changed there, not here.',
    }),
    settings: z.record(z.string(), z.unknown()),
    addresses: z
      .object({ redirect: z.string(), metadata: z.string().nullable() })
      .nullable()
      .meta({ description: 'What the identity provider asks for; null for a directory.' }),
    updated_at: Instant,
  })
  .meta({ id: 'SignInProvider' });

/** Fields left out of a change stay as they are. */
const settingsChange = z.record(z.string().max(60), z.unknown());
const secret = z.string().min(1).max(2000);

export const listSignInProviders = endpoint({
  operation: 'listSignInProviders',
  method: 'GET',
  path: '/api/v1/admin/sign-in-providers',
  summary: 'The deployment’s directory and identity providers, secrets left out.',
  answer: z.object({ data: z.array(SignInProvider), next_cursor: z.null() }),
});

export const createSignInProvider = endpoint({
  operation: 'createSignInProvider',
  method: 'POST',
  path: '/api/v1/admin/sign-in-providers',
  summary: 'Adds an identity provider for everybody on the deployment, switched off.',
  body: z.strictObject({
    kind: z.enum(['oidc', 'saml']),
    name: nameOf('identity provider', 60),
    settings: settingsChange,
    secret: secret.optional(),
  }),
  answer: SignInProvider,
  status: 201,
  refusals: ['permission_not_held'],
  idempotent: true,
  example: {
    kind: 'oidc',
    name: 'Example account',
    settings: { issuer: 'https://id.example.com', client_id: 'sluice' },
    secret: 'from the identity provider',
  },
});

export const getSignInProvider = endpoint({
  operation: 'getSignInProvider',
  method: 'GET',
  path: '/api/v1/admin/sign-in-providers/{id}',
  summary: 'One directory or identity provider of the deployment; the directory’s id is `ldap`.',
  params: IdParams,
  answer: SignInProvider,
});

export const updateSignInProvider = endpoint({
  operation: 'updateSignInProvider',
  method: 'PATCH',
  path: '/api/v1/admin/sign-in-providers/{id}',
  summary: 'Changes a directory or identity provider, or switches it on or off.',
  params: IdParams,
  body: z.strictObject({
    name: nameOf('identity provider', 60).optional(),
    enabled: z.boolean().optional(),
    settings: settingsChange.optional(),
    secret: secret.nullable().optional(),
  }),
  answer: SignInProvider,
  refusals: ['provider_not_configured', 'invalid_state', 'permission_not_held'],
  example: { enabled: true, settings: { url: 'ldaps://ldap.example.com', base_dn: 'dc=example' } },
});

export const deleteSignInProvider = endpoint({
  operation: 'deleteSignInProvider',
  method: 'DELETE',
  path: '/api/v1/admin/sign-in-providers/{id}',
  summary: 'Removes an identity provider; accounts stay, and what its groups gave is taken away.',
  params: IdParams,
  status: 204,
  refusals: ['invalid_state'],
});

const TestReport = z
  .object({
    ok: z.boolean(),
    message: z.string(),
    person: z
      .object({
        subject: z.string(),
        email: z.string().nullable(),
        name: z.string().nullable(),
        groups: z.array(z.string()),
        platform_role: z.enum(['operator', 'admin']).nullable(),
        disabled: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: 'SignInTest' });

export const testSignInProvider = endpoint({
  operation: 'testSignInProvider',
  method: 'POST',
  path: '/api/v1/admin/sign-in-providers/{id}/test',
  summary: 'Asks a directory or identity provider whether its settings work; nobody is signed in.',
  params: IdParams,
  body: z.strictObject({
    login: z.string().trim().min(1).max(254).optional().meta({
      description: 'Somebody to look up in the directory.',
    }),
  }),
  answer: TestReport,
});
