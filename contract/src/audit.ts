/** Who did what to which record: an append-only, hash-chained log. */
import { z } from 'zod';
import { Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const Values = z.record(z.string(), z.unknown()).nullable();

export const AuditEntry = z
  .object({
    id: z.string(),
    organization: z.string().nullable(),
    actor: z.object({
      kind: z.enum(['user', 'api_key', 'application', 'provider', 'system']),
      id: z.string().nullable(),
      name: z.string().nullable().meta({
        description: 'Of a member; for operators, of anybody who has an account.',
      }),
      email: z.string().nullable(),
    }),
    action: z.string().meta({ example: 'package.purchase' }),
    resource: z.object({ kind: z.string(), id: z.string() }),
    old_values: Values,
    new_values: Values,
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    device: z.string().nullable().meta({
      description: 'The user agent in words.',
      example: 'Firefox · Windows',
    }),
    request_id: z.string(),
    erased: z.array(z.enum(['origin', 'values'])).meta({
      description: 'Parts that were erased with a person’s account.',
    }),
    position: z.string().meta({ description: 'Its place in its chain.' }),
    hash: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'AuditEntry' });

const filters = {
  actor: z.string().max(254).optional().meta({
    description: 'Id of a user or key, the mail address of a user, or a kind such as `api_key`.',
  }),
  action: z.string().max(100).optional().meta({
    description: 'An action such as `package.purchase`, or all of a noun: `package`.',
  }),
  resource: z.string().max(200).optional().meta({
    description: 'Id of a record, or a kind such as `api_key`.',
  }),
  ip: z.string().max(60).optional(),
  id: z.string().max(200).optional().meta({
    description:
      'Any id of an entry: its own or the beginning of it, or the whole id of its request, actor, record or organization.',
  }),
  from: InstantInput.optional(),
  to: InstantInput.optional(),
};

const organization = { organization: z.string().max(100).optional() };

const format = {
  format: z.enum(['csv', 'jsonl']).default('csv').meta({
    description:
      '`csv` for a spreadsheet, newest first. `jsonl` with all that its proof needs: without filters, chains from their beginning, which `sluice audit verify FILE` verifies.',
  }),
};

export const listAuditLogs = endpoint({
  operation: 'listAuditLogs',
  method: 'GET',
  path: '/api/v1/audit-logs',
  summary: 'What was done in the acting organization, newest first.',
  query: PageQuery.extend(filters),
  answer: pageOf(AuditEntry),
});

export const exportAuditLogs = endpoint({
  operation: 'exportAuditLogs',
  method: 'GET',
  path: '/api/v1/audit-logs/export',
  summary: 'The acting organization’s log as a file; that it was taken is itself recorded.',
  query: z.strictObject({ ...filters, ...format }),
});

export const searchAuditLogs = endpoint({
  operation: 'searchAuditLogs',
  method: 'GET',
  path: '/api/v1/admin/audit-logs',
  summary: 'What was done on the whole deployment, newest first.',
  query: PageQuery.extend({ ...filters, ...organization }),
  answer: pageOf(AuditEntry),
});

export const exportAllAuditLogs = endpoint({
  operation: 'exportAllAuditLogs',
  method: 'GET',
  path: '/api/v1/admin/audit-logs/export',
  summary: 'The deployment’s log as a file; that it was taken is itself recorded.',
  query: z.strictObject({ ...filters, ...organization, ...format }),
});
