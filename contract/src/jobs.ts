/** What runs behind requests: operations that take long, and schedules. */
import { z } from 'zod';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const Operation = z
  .object({
    id: z.string(),
    kind: z.string().meta({ example: 'imports.import' }),
    title: z.string(),
    state: z
      .enum(['running', 'stopping', 'resuming', 'stopped', 'interrupted', 'failed', 'done'])
      .meta({ description: 'Interrupted: its process is gone.' }),
    started_by: z.object({
      kind: z.enum(['user', 'api_key', 'application', 'provider', 'system']),
      id: z.string().nullable(),
    }),
    stage: z.string().nullable().meta({ description: 'The part that `done` and `total` are of.' }),
    done: z.number().int(),
    total: z.number().int().nullable().meta({ description: 'Null: not known.' }),
    seconds_left: z.number().int().nullable().meta({ description: 'At the pace so far.' }),
    runs: z.number().int().meta({ description: 'How often it was begun or taken up.' }),
    error: z.string().nullable(),
    can_stop: z.boolean(),
    can_resume: z.boolean().meta({
      description: 'False also where only whoever began it can go on, by running the same again.',
    }),
    started_at: Instant,
    heard_at: Instant.meta({ description: 'When its run last showed that it is alive.' }),
    ended_at: Instant.nullable(),
  })
  .meta({ id: 'Operation' });

export const listOperations = endpoint({
  operation: 'listOperations',
  method: 'GET',
  path: '/api/v1/admin/operations',
  summary: 'Operations that take long, the newest first; done ones for 30 days.',
  query: PageQuery.extend({
    open: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional()
      .meta({ description: 'Only those that are not done.' }),
  }),
  answer: pageOf(Operation),
});

export const stopOperation = endpoint({
  operation: 'stopOperation',
  method: 'POST',
  path: '/api/v1/admin/operations/{id}/stop',
  summary: 'Has an operation stop behind the batch under way; nothing of it is lost.',
  params: IdParams,
  body: z.strictObject({}),
  answer: Operation,
  refusals: ['invalid_state'],
});

export const resumeOperation = endpoint({
  operation: 'resumeOperation',
  method: 'POST',
  path: '/api/v1/admin/operations/{id}/resume',
  summary: 'Has an operation that was stopped, failed or died taken up where it was.',
  params: IdParams,
  body: z.strictObject({}),
  answer: Operation,
  status: 202,
  refusals: ['invalid_state'],
});

export const Schedule = z
  .object({
    id: z.string().meta({ example: 'subscriptions.run_billing' }),
    cron: z.string().meta({ description: 'Minute, hour, day, month and weekday, in UTC.' }),
    next_at: Instant.nullable(),
    started_at: Instant.nullable().meta({ description: 'Of the last run.' }),
    ended_at: Instant.nullable().meta({ description: 'Null while it runs.' }),
    duration_ms: z.number().int().nullable(),
    error: z.string().nullable().meta({ description: 'Of the last run, if it failed.' }),
    failures: z.number().int().meta({ description: 'Failed runs in a row.' }),
  })
  .meta({ id: 'Schedule' });

export const listSchedules = endpoint({
  operation: 'listSchedules',
  method: 'GET',
  path: '/api/v1/admin/schedules',
  summary: 'What runs by itself, and how it last did.',
  answer: z.object({ data: z.array(Schedule) }),
});

export const runSchedule = endpoint({
  operation: 'runSchedule',
  method: 'POST',
  path: '/api/v1/admin/schedules/{id}/run',
  summary:
    'Has a schedule run now rather than at its next turn; what is done already is not done twice.',
  params: IdParams,
  body: z.strictObject({}),
  status: 202,
});
