/** Receipts of calls as files that are made in the background: of any length, stopped and taken up like other operations. */
import { z } from 'zod';
import { IdParams, Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Operation } from './jobs.ts';

export const CallExport = z
  .object({
    id: z.string().meta({ example: 'exp_01k4c2z9s6…' }),
    from: Instant,
    to: Instant,
    organization: z.string().nullable().meta({ description: 'Null: of all.' }),
    model: z.string().nullable().meta({ description: 'Null: of all.' }),
    format: z.enum(['csv', 'jsonl']),
    calls: z.number().int().meta({ description: 'In the file so far.' }),
    bytes: z.number().int().meta({ description: 'As it is kept, compressed.' }),
    ready: z.boolean().meta({ description: 'All calls are in it: the file can be fetched.' }),
    operation: Operation.nullable().meta({
      description: 'How it is getting on: stop it and resume it there. Null before it has begun.',
    }),
    created_at: Instant,
    removed_at: Instant.meta({ description: 'When the file goes by itself, seven days later.' }),
  })
  .meta({ id: 'CallExport' });

const path = '/api/v1/admin/call-exports';

export const createCallExport = endpoint({
  operation: 'createCallExport',
  method: 'POST',
  path,
  summary:
    'Begins a file with the receipts of calls that began within a time, newest first, with what they cost upstream. It is made in the background.',
  body: z.strictObject({
    from: InstantInput,
    to: InstantInput,
    organization: z.string().trim().min(1).max(100).optional(),
    model: z.string().trim().min(1).max(200).optional(),
    format: z.enum(['csv', 'jsonl']).default('csv').meta({
      description:
        '`csv` for a spreadsheet, `jsonl` with one receipt a line; `sluice receipt verify FILE` takes both.',
    }),
  }),
  answer: CallExport,
  status: 202,
  idempotent: true,
  refusals: ['rule_violated', 'conflict'],
});

export const listCallExports = endpoint({
  operation: 'listCallExports',
  method: 'GET',
  path,
  summary: 'Files of calls, the newest first, finished or not.',
  query: PageQuery,
  answer: pageOf(CallExport),
});

export const downloadCallExport = endpoint({
  operation: 'downloadCallExport',
  method: 'GET',
  path: `${path}/{id}/file`,
  summary: 'The file itself, once it is ready.',
  params: IdParams,
  refusals: ['not_found', 'invalid_state'],
});

export const deleteCallExport = endpoint({
  operation: 'deleteCallExport',
  method: 'DELETE',
  path: `${path}/{id}`,
  summary: 'Removes a file; one that is being made is not gone on with.',
  params: IdParams,
  status: 204,
  refusals: ['not_found'],
});
