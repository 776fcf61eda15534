/** An application described in one YAML file: its meters, features and plans. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';

/** What registering a template did, or would do. */
export const TemplateSummary = z
  .object({
    application: z.object({ id: z.string().nullable(), slug: z.string(), name: z.string() }),
    dry_run: z.boolean(),
    changes: z.array(
      z.object({
        kind: z.enum(['application', 'meter', 'feature', 'plan']),
        name: z.string(),
        change: z.enum(['created', 'updated', 'unchanged']),
        fields: z.array(z.string()).meta({ description: 'What changed of it.' }),
      }),
    ),
  })
  .meta({ id: 'TemplateSummary' });

export const registerApplication = endpoint({
  operation: 'registerApplication',
  method: 'POST',
  path: '/api/v1/admin/applications/register',
  summary: 'Registers an application from a template, or brings it up to date; nothing is removed.',
  query: z.strictObject({ dry_run: z.stringbool().optional() }),
  body: z.strictObject({
    template: z.string().min(1).max(200_000).meta({ description: 'The text of the YAML file.' }),
  }),
  answer: TemplateSummary,
  refusals: ['template_invalid', 'invalid_state'],
});

export const listApplicationTemplates = endpoint({
  operation: 'listApplicationTemplates',
  method: 'GET',
  path: '/api/v1/admin/application-templates',
  summary: 'Templates to begin with.',
  answer: z.object({
    data: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        description: z.string().nullable(),
        template: z.string(),
      }),
    ),
    next_cursor: z.null(),
  }),
});
