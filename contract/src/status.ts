/** How well the service does, for anyone to read: from our own measurements, and in operators' words. */
import { z } from 'zod';
import { Day, IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const statusDays = 90;

const ServiceState = z
  .enum(['operational', 'degraded', 'outage', 'unmeasured'])
  .meta({ description: 'Of the last minutes, or as bad as an incident that is open says.' });

const Percent = z.number().min(0).max(100);

/**
 * A call counts as served where its answer was whole, and as failed where we or an upstream failed it. What its caller did
 * wrong, was not allowed or gave up counts as neither. Times are of calls that were served.
 */
const levels = {
  availability_percent: Percent.nullable().meta({
    description:
      'Calls that were served, of those that were served or failed; null: too few to say.',
  }),
  error_percent: Percent.nullable(),
  first_token_p95_ms: z.number().int().nullable().meta({
    description: 'Of streams: 95 of 100 began within it.',
  }),
  whole_p95_ms: z.number().int().nullable().meta({
    description: '95 of 100 calls ended within it.',
  }),
  days: z.array(Percent.nullable()).meta({
    description: 'Availability of each day in UTC, the oldest first; the last one is today.',
  }),
};

const IncidentState = z.enum(['investigating', 'identified', 'monitoring', 'resolved']);
const Impact = z.enum(['degraded', 'outage']);

export const Incident = z
  .object({
    id: z.string(),
    title: z.string(),
    state: IncidentState,
    impact: Impact,
    models: z.array(z.string()).meta({ description: 'Empty: all of them.' }),
    started_at: Instant,
    resolved_at: Instant.nullable(),
    updates: z
      .array(z.object({ state: IncidentState, text: z.string(), posted_at: Instant }))
      .meta({ description: 'The newest first.' }),
  })
  .meta({ id: 'Incident' });

export const getStatus = endpoint({
  operation: 'getStatus',
  method: 'GET',
  path: '/api/v1/status',
  summary: 'Service levels of the last 90 days, by model, and incidents; as of some seconds ago.',
  answer: z
    .object({
      state: ServiceState,
      updated_at: Instant,
      from: Day.meta({ description: 'The first of the days.' }),
      overall: z.object(levels),
      models: z
        .array(z.object({ model: z.string(), state: ServiceState, ...levels }))
        .meta({ description: 'Those that can be called and were, often enough to say.' }),
      incidents: z
        .array(Incident)
        .meta({ description: 'Those that are open, then those of the same days.' }),
    })
    .meta({ id: 'Status' }),
});

export const listIncidents = endpoint({
  operation: 'listIncidents',
  method: 'GET',
  path: '/api/v1/admin/incidents',
  summary: 'Incidents, the newest first.',
  query: PageQuery,
  answer: pageOf(Incident),
});

const text = z
  .string()
  .trim()
  .min(1, 'Say what is known.')
  .max(2000, 'Keep it within 2000 characters.');
const models = z.array(z.string().min(1).max(200)).max(100, 'Name at most 100 models.');

export const createIncident = endpoint({
  operation: 'createIncident',
  method: 'POST',
  path: '/api/v1/admin/incidents',
  summary: 'Tells everybody of a trouble.',
  body: z.strictObject({
    title: nameOf('incident', 200),
    impact: Impact,
    state: IncidentState.exclude(['resolved']).default('investigating'),
    models: models.default([]),
    text,
  }),
  answer: Incident,
  status: 201,
  idempotent: true,
  example: { title: 'Slow answers', impact: 'degraded', text: 'We are looking into it.' },
});

export const updateIncident = endpoint({
  operation: 'updateIncident',
  method: 'POST',
  path: '/api/v1/admin/incidents/{id}/updates',
  summary: 'Tells how an incident goes on; one that is resolved may be opened again.',
  params: IdParams,
  body: z.strictObject({
    state: IncidentState,
    text,
    impact: Impact.optional(),
    models: models.optional(),
  }),
  answer: Incident,
  status: 201,
  idempotent: true,
  example: { state: 'resolved', text: 'The upstream is back.' },
});
