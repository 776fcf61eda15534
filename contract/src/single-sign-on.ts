/** Signing in through an identity provider, the accounts that providers know, and the mail domains of organizations. */
import { z } from 'zod';
import { IdParams, Instant, nameOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const ProviderParams = z.strictObject({ provider: z.string().min(1).max(100) });

/** Providers add parameters of their own: whatever we do not know is passed over. */
const ProviderQuery = z.looseObject({ state: z.string().max(500).optional() });

export const startSignIn = endpoint({
  operation: 'startSignIn',
  method: 'GET',
  path: '/api/v1/auth/sso/{provider}/start',
  summary:
    'For browsers: sends the person to an identity provider, and afterwards back to the page `next`.',
  params: ProviderParams,
  query: z.strictObject({ next: z.string().max(2000).optional() }),
});

export const receiveSignIn = endpoint({
  operation: 'receiveSignIn',
  method: 'GET',
  path: '/api/v1/auth/sso/{provider}/callback',
  summary:
    'Where an OpenID Connect provider sends the browser back to: signs the person in and goes on to the page they came from.',
  params: ProviderParams,
  query: ProviderQuery,
});

export const receiveSamlSignIn = endpoint({
  operation: 'receiveSamlSignIn',
  method: 'POST',
  path: '/api/v1/auth/sso/{provider}/acs',
  summary: 'Where a SAML provider has the browser post its answer to.',
  params: ProviderParams,
});

export const arriveSignIn = endpoint({
  operation: 'arriveSignIn',
  method: 'GET',
  path: '/api/v1/auth/sso/{provider}/arrive',
  summary: 'Where the browser goes on to with what a SAML provider said: signs the person in.',
  params: ProviderParams,
  query: ProviderQuery,
});

export const getSamlMetadata = endpoint({
  operation: 'getSamlMetadata',
  method: 'GET',
  path: '/api/v1/auth/sso/{provider}/metadata',
  summary: 'What a SAML provider is told about this deployment, as XML.',
  params: ProviderParams,
});

export const finishSignIn = endpoint({
  operation: 'finishSignIn',
  method: 'POST',
  path: '/api/v1/auth/sso/finish',
  summary:
    'Ends a sign-in through an identity provider with the code of the person’s own authenticator, in the browser that began it; sets the session cookies.',
  body: z.strictObject({
    state: z.string().min(1).max(500),
    totp: z.string().trim().min(1).max(20),
  }),
  answer: z.object({ next: z.string() }),
  refusals: ['totp_required', 'totp_invalid', 'sso_failed', 'user_suspended', 'sso_required'],
});

const Identity = z
  .object({
    id: z.string(),
    provider: z.object({
      id: z.string(),
      kind: z.enum(['ldap', 'oidc', 'saml']),
      name: z.string(),
    }),
    email: z.string().nullable(),
    created_at: Instant,
    last_used_at: Instant,
  })
  .meta({ id: 'ExternalIdentity' });

export const listIdentities = endpoint({
  operation: 'listIdentities',
  method: 'GET',
  path: '/api/v1/me/identities',
  summary: 'Accounts at directories and identity providers that sign the person in here.',
  answer: z.object({ data: z.array(Identity), next_cursor: z.null() }),
});

export const linkIdentity = endpoint({
  operation: 'linkIdentity',
  method: 'POST',
  path: '/api/v1/me/identities',
  summary:
    'Begins to add an account at an identity provider, answering where to send the browser; one at the directory is added at once by its name and password.',
  body: z.strictObject({
    provider: z.string().min(1).max(100),
    login: z.string().trim().min(1).max(254).optional(),
    password: z.string().min(1).max(200).optional(),
  }),
  answer: z.object({ url: z.string().nullable() }),
  refusals: ['invalid_credentials', 'already_exists', 'directory_unavailable', 'link_required'],
  example: { provider: 'ldap', login: 'ada', password: 'correct horse battery' },
});

export const unlinkIdentity = endpoint({
  operation: 'unlinkIdentity',
  method: 'DELETE',
  path: '/api/v1/me/identities/{id}',
  summary:
    'Takes an account at a provider away, and what its groups gave; the last way to sign in stays.',
  params: IdParams,
  status: 204,
  refusals: ['invalid_state'],
});

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    'Write a mail domain such as example.com.',
  );

const SsoDomain = z
  .object({
    domain: z.string(),
    proven_at: Instant.nullable(),
    record: z.object({ name: z.string(), value: z.string() }).meta({
      description: 'The text record that proves the domain.',
    }),
  })
  .meta({ id: 'SsoDomain' });

const DefaultRole = z.enum(['admin', 'billing', 'member']);

export const OrganizationSso = z
  .object({
    domains: z.array(SsoDomain),
    provider: z
      .object({
        id: z.string(),
        kind: z.enum(['oidc', 'saml']),
        name: z.string(),
        enabled: z.boolean(),
        has_secret: z.boolean(),
        settings: z.record(z.string(), z.unknown()),
        addresses: z.object({ redirect: z.string(), metadata: z.string().nullable() }),
      })
      .nullable(),
    default_role: DefaultRole,
    required: z.boolean().meta({
      description:
        'People of the proven domains come in through the provider only; owners may use their password too.',
    }),
  })
  .meta({ id: 'OrganizationSso' });

export const getOrganizationSso = endpoint({
  operation: 'getOrganizationSso',
  method: 'GET',
  path: '/api/v1/organizations/{id}/sso',
  summary: 'How people of an organization’s mail domains sign in.',
  params: IdParams,
  answer: OrganizationSso,
});

export const updateOrganizationSso = endpoint({
  operation: 'updateOrganizationSso',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/sso',
  summary:
    'Names the mail domains of an organization and the identity provider that signs their people in.',
  params: IdParams,
  body: z.strictObject({
    domains: z.array(Domain).max(10, 'Name at most 10 domains.'),
    provider: z
      .strictObject({
        kind: z.enum(['oidc', 'saml']),
        name: nameOf('identity provider', 60),
        enabled: z.boolean().default(true),
        settings: z.record(z.string().max(60), z.unknown()),
        secret: z.string().min(1).max(2000).optional().meta({
          description: 'Left out, the one before stays.',
        }),
      })
      .nullable(),
    default_role: DefaultRole.default('member'),
    required: z.boolean().default(false),
  }),
  answer: OrganizationSso,
  refusals: ['domain_unproven', 'provider_not_configured', 'permission_not_held'],
  example: {
    domains: ['example.com'],
    provider: {
      kind: 'oidc',
      name: 'Example',
      settings: { issuer: 'https://id.example.com', client_id: 'sluice' },
      secret: 'from the identity provider',
    },
    default_role: 'member',
    required: false,
  },
});

const DomainParams = z.strictObject({ id: z.string().min(1).max(100), domain: Domain });

export const proveSsoDomain = endpoint({
  operation: 'proveSsoDomain',
  method: 'POST',
  path: '/api/v1/organizations/{id}/sso/domains/{domain}/prove',
  summary: 'Looks for the text record that proves a mail domain.',
  params: DomainParams,
  answer: OrganizationSso,
  refusals: ['domain_unproven', 'already_exists', 'too_many_requests'],
});

export const testOrganizationSso = endpoint({
  operation: 'testOrganizationSso',
  method: 'POST',
  path: '/api/v1/organizations/{id}/sso/test',
  summary: 'Asks the organization’s identity provider whether its settings work.',
  params: IdParams,
  answer: z.object({ ok: z.boolean(), message: z.string() }),
  refusals: ['too_many_requests'],
});

export const confirmSsoDomain = endpoint({
  operation: 'confirmSsoDomain',
  method: 'POST',
  path: '/api/v1/admin/organizations/{id}/sso-domains/{domain}/confirm',
  summary: 'In sandbox mode, where nobody has a DNS to write to: takes a mail domain as proven.',
  params: DomainParams,
  answer: OrganizationSso,
  refusals: ['invalid_state', 'already_exists'],
});
