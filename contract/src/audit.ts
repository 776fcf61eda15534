/** Who did what to which record: an append-only, hash-chained log. */
import { z } from 'zod';
import { Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const AuditEntry = z
  .object({
    id: z.string(),
    organization: z.string().nullable(),
    actor: z.object({
      kind: z.enum(['user', 'api_key', 'application', 'provider', 'system']),
      id: z.string().nullable(),
    }),
    action: z.string().meta({ example: 'package.purchase' }),
    resource: z.object({ kind: z.string(), id: z.string() }),
    old_values: z.record(z.string(), z.unknown()).nullable(),
    new_values: z.record(z.string(), z.unknown()).nullable(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'AuditEntry' });

const AuditQuery = PageQuery.extend({
  actor: z.string().max(100).optional(),
  action: z.string().max(100).optional(),
  resource: z.string().max(100).optional(),
  from: InstantInput.optional(),
  to: InstantInput.optional(),
});

export const listAuditLogs = endpoint({
  operation: 'listAuditLogs',
  method: 'GET',
  path: '/api/v1/audit-logs',
  summary: 'What was done in the acting organization, newest first.',
  query: AuditQuery,
  answer: pageOf(AuditEntry),
});

export const searchAuditLogs = endpoint({
  operation: 'searchAuditLogs',
  method: 'GET',
  path: '/api/v1/admin/audit-logs',
  summary: 'What was done on the whole deployment, newest first.',
  query: AuditQuery.extend({ organization: z.string().max(100).optional() }),
  answer: pageOf(AuditEntry),
});
