/** What operators do with customers: find them, narrow lists of them down, and note what the next one must know. */
import { z } from 'zod';
import { IdParams, Instant, PageQuery, pageOf, TimedPageQuery } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Membership, Organization, User } from './identity.ts';

const Text = z.string().trim().max(200);

const SearchQuery = TimedPageQuery.extend({ q: Text.optional() });

export const searchUsers = endpoint({
  operation: 'searchUsers',
  method: 'GET',
  path: '/api/v1/admin/users',
  summary: 'People on this deployment, by any part of their mail address, name or user name.',
  query: SearchQuery.extend({
    status: User.shape.status.optional(),
    role: z.string().max(100).optional().meta({ description: 'On the deployment.' }),
  }),
  answer: pageOf(User.extend({ organizations: z.array(Membership) })),
});

export const searchOrganizations = endpoint({
  operation: 'searchOrganizations',
  method: 'GET',
  path: '/api/v1/admin/organizations',
  summary:
    'Organizations on this deployment, by any part of what they or their members are called.',
  query: SearchQuery.extend({
    status: Organization.shape.status.optional(),
    plan: z.string().max(100).optional().meta({ description: 'Id of the plan that it has now.' }),
    flag: z
      .enum(['any', 'open', 'confirmed'])
      .optional()
      .meta({ description: 'With a risk flag in force: any, or of that state.' }),
  }),
  answer: pageOf(Organization),
});

const FoundOrganization = z
  .object({
    id: z.string(),
    name: z.string(),
    status: Organization.shape.status,
  })
  .meta({ id: 'FoundOrganization' });

/** A hit that is of an organization; null where that is gone. */
const inOrganization = { organization: FoundOrganization.nullable() };

export const searchEverything = endpoint({
  operation: 'searchEverything',
  method: 'GET',
  path: '/api/v1/admin/search',
  summary:
    'Whatever is called so: organizations and people by any part of a name or address, the rest by the whole of an id, external id, key prefix, invoice number, payment number or provider’s transaction.',
  query: z.strictObject({ q: Text.min(1, 'Type what to look for.') }),
  answer: z.object({
    organizations: z.array(FoundOrganization),
    users: z.array(
      User.pick({ id: true, email: true, name: true, username: true, status: true }).meta({
        id: 'FoundUser',
      }),
    ),
    api_keys: z.array(
      z
        .object({
          id: z.string(),
          name: z.string(),
          prefix: z.string(),
          revoked: z.boolean(),
          ...inOrganization,
        })
        .meta({ id: 'FoundApiKey' }),
    ),
    subjects: z.array(
      z
        .object({ external_id: z.string(), application: z.string(), ...inOrganization })
        .meta({ id: 'FoundSubject' }),
    ),
    invoices: z.array(
      z
        .object({
          id: z.string(),
          number: z.string().nullable(),
          status: z.string(),
          ...inOrganization,
        })
        .meta({ id: 'FoundInvoice' }),
    ),
    payments: z.array(
      z
        .object({
          id: z.string(),
          number: z.string(),
          provider: z.string(),
          provider_transaction: z.string().nullable(),
          status: z.string(),
          ...inOrganization,
        })
        .meta({ id: 'FoundPayment' }),
    ),
    more: z
      .array(z.enum(['organizations', 'users']))
      .meta({ description: 'Groups of which there are more than are shown: see their lists.' }),
  }),
});

export const OperatorNote = z
  .object({
    id: z.string(),
    organization: z.string(),
    text: z.string(),
    author: z.object({ id: z.string().nullable(), name: z.string().nullable() }),
    created_at: Instant,
  })
  .meta({
    id: 'OperatorNote',
    description: 'Operators alone read it. It stays as it was written.',
  });

export const listOperatorNotes = endpoint({
  operation: 'listOperatorNotes',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/notes',
  summary: 'What operators noted about a customer, newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(OperatorNote),
});

export const writeOperatorNote = endpoint({
  operation: 'writeOperatorNote',
  method: 'POST',
  path: '/api/v1/admin/organizations/{id}/notes',
  summary: 'Notes something about a customer for other operators; it is never changed or removed.',
  params: IdParams,
  body: z.strictObject({
    text: z.string().trim().min(1, 'Write the note.').max(4000, 'Keep it within 4000 characters.'),
  }),
  answer: OperatorNote,
  status: 201,
  idempotent: true,
  example: { text: 'Asked for an invoice by post; the address is in the billing details.' },
});
