/** Applications: products that ask for access or report usage, the keys of their services, and their customers. */
import { z } from 'zod';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const Application = z
  .object({
    id: z.string(),
    slug: z.string().meta({ description: 'Begins the names of its meters and features.' }),
    name: z.string(),
    description: z.string().nullable(),
    status: z.enum(['active', 'archived']),
    created_at: Instant,
  })
  .meta({ id: 'Application' });

const Slug = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,39}$/,
    'Use 2 to 40 lower-case letters, digits or dashes, beginning with a letter.',
  )
  .refine((slug) => slug !== 'gateway', 'This name is the gateway’s: choose another one.');
const Description = z.string().trim().min(1).max(1000).nullable();

export const listApplications = endpoint({
  operation: 'listApplications',
  method: 'GET',
  path: '/api/v1/admin/applications',
  summary: 'Applications of this deployment, newest first.',
  query: PageQuery,
  answer: pageOf(Application),
});

export const createApplication = endpoint({
  operation: 'createApplication',
  method: 'POST',
  path: '/api/v1/admin/applications',
  summary: 'Registers an application; its slug never changes.',
  body: z.strictObject({
    slug: Slug,
    name: nameOf('application'),
    description: Description.optional(),
  }),
  answer: Application,
  status: 201,
  idempotent: true,
  refusals: ['already_exists'],
  example: { slug: 'medical', name: 'Medical analysis', description: 'Reads reports.' },
});

export const getApplication = endpoint({
  operation: 'getApplication',
  method: 'GET',
  path: '/api/v1/admin/applications/{id}',
  summary: 'One application.',
  params: IdParams,
  answer: Application,
});

export const updateApplication = endpoint({
  operation: 'updateApplication',
  method: 'PATCH',
  path: '/api/v1/admin/applications/{id}',
  summary: 'Renames an application, or archives it: its keys are refused until it is active again.',
  params: IdParams,
  body: z.strictObject({
    name: nameOf('application').optional(),
    description: Description.optional(),
    status: z.enum(['active', 'archived']).optional(),
  }),
  answer: Application,
});

export const ApplicationKey = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z
      .string()
      .meta({ description: 'The first characters of the secret, to tell keys apart.' }),
    status: z.enum(['active', 'revoked']),
    last_used_at: Instant.nullable(),
    created_at: Instant,
    revoked_at: Instant.nullable(),
  })
  .meta({ id: 'ApplicationKey' });

export const listApplicationKeys = endpoint({
  operation: 'listApplicationKeys',
  method: 'GET',
  path: '/api/v1/admin/applications/{id}/keys',
  summary: 'Keys of the application’s own services, newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(ApplicationKey),
});

export const createApplicationKey = endpoint({
  operation: 'createApplicationKey',
  method: 'POST',
  path: '/api/v1/admin/applications/{id}/keys',
  summary: 'Creates a key for the application’s own services; its secret is in this answer only.',
  params: IdParams,
  body: z.strictObject({ name: nameOf('key') }),
  answer: ApplicationKey.extend({
    key: z.string().meta({ description: 'The secret, shown once.' }),
  }),
  status: 201,
  idempotent: true,
  refusals: ['invalid_state', 'rule_violated'],
  example: { name: 'production' },
});

export const revokeApplicationKey = endpoint({
  operation: 'revokeApplicationKey',
  method: 'DELETE',
  path: '/api/v1/admin/applications/{id}/keys/{key}',
  summary: 'Revokes a key of an application at once and for good.',
  params: IdParams.extend({ key: z.string().min(1).max(100) }),
  status: 204,
});

const ExternalId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'Write the external id in printable ASCII without spaces.');
const SubjectParams = z.strictObject({ external_id: ExternalId });

export const ExternalSubject = z
  .object({
    external_id: z.string(),
    organization: z.string(),
    user: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'ExternalSubject' });

export const registerSubject = endpoint({
  operation: 'registerSubject',
  method: 'PUT',
  path: '/api/v1/access/subjects/{external_id}',
  summary:
    'Says whose use it is when the application names a customer by an id of its own; where no organization is named, one of that name is made for it.',
  params: SubjectParams,
  body: z.strictObject({
    organization: z.string().min(1).max(100).optional().meta({
      description: 'Left out, the one registered before stays, or a new one is made.',
    }),
    user: z.string().min(1).max(100).nullable().optional().meta({
      description: 'A member of the organization, whose use it is.',
    }),
    name: nameOf('organization').optional().meta({
      description: 'Name of the organization that is made; the external id when left out.',
    }),
  }),
  answer: ExternalSubject,
  refusals: ['rule_violated'],
  example: { name: 'City hospital' },
});

export const getSubject = endpoint({
  operation: 'getSubject',
  method: 'GET',
  path: '/api/v1/access/subjects/{external_id}',
  summary: 'Whose use it is when the application names this external id.',
  params: SubjectParams,
  answer: ExternalSubject,
  refusals: ['subject_unknown'],
});

export const listSubjects = endpoint({
  operation: 'listSubjects',
  method: 'GET',
  path: '/api/v1/access/subjects',
  summary: 'Customers that the application has registered, by external id.',
  query: PageQuery,
  answer: pageOf(ExternalSubject),
});

export const removeSubject = endpoint({
  operation: 'removeSubject',
  method: 'DELETE',
  path: '/api/v1/access/subjects/{external_id}',
  summary: 'Forgets an external id; the organization and what it used stay.',
  params: SubjectParams,
  status: 204,
  refusals: ['subject_unknown'],
});
