/** Builds the OpenAPI 3.1 document from the endpoints; `openapi.json` is this, committed and checked for drift. */
import { z } from 'zod';
import { authorization, type Rule } from './authorization.ts';
import { ErrorBody } from './conventions.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints, type Operation } from './index.ts';
import { type RefusalCode, refusals } from './refusals.ts';
import { webhookMessages } from './webhooks.ts';

type Json = Record<string, unknown>;

const alwaysRefusals: readonly RefusalCode[] = ['malformed', 'too_many_requests', 'internal'];

/** The whole document; the same endpoints give the same document, byte for byte. */
export function openApiDocument(): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = paths[endpoint.path] ?? {};
    paths[endpoint.path] = path;
    path[endpoint.method.toLowerCase()] = operationOf(endpoint, schemas);
  }
  const webhooks = webhooksOf(schemas);
  schemaOf(ErrorBody, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version: '1',
      description:
        'Metering, access and billing of AI APIs. Amounts are decimal strings beside a currency; times are RFC 3339 in UTC.',
    },
    servers: [{ url: '/' }],
    paths,
    webhooks,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token, or an API key (sk-…).',
        },
        session: { type: 'apiKey', in: 'cookie', name: 'sluice_access' },
      },
    },
  };
}

/** What endpoints of customers are posted, by event. */
function webhooksOf(schemas: Json): Json {
  const header = (name: string, description: string) => ({
    ...{ name, in: 'header', required: true, description },
    schema: { type: 'string' },
  });
  const parameters = [
    header('webhook-id', 'The same on every try.'),
    header('webhook-timestamp', 'When this try was made, in seconds.'),
    header('webhook-signature', 'As Standard Webhooks says; two while a secret is rotated.'),
  ];
  const messageOf = (schema: z.ZodType) => ({
    required: true,
    content: { 'application/json': { schema: schemaOf(schema, 'output', schemas) } },
  });
  const responses = { '2XX': { description: 'Taken; anything else is tried again.' } };
  return Object.fromEntries(
    [...webhookMessages].map(([event, schema]) => [
      event,
      { post: { tags: ['webhooks'], parameters, requestBody: messageOf(schema), responses } },
    ]),
  );
}

function operationOf(endpoint: Endpoint, schemas: Json): Json {
  const rule = authorization[endpoint.operation as Operation];
  return {
    operationId: endpoint.operation,
    tags: [tagOf(endpoint)],
    summary: endpoint.summary,
    security: rule.anyone ? [] : [{ bearer: [] }, ...(isForPeople(rule) ? [{ session: [] }] : [])],
    'x-allowed': allowedOf(endpoint),
    parameters: [
      ...parametersOf(endpoint.params, 'path', schemas),
      ...parametersOf(endpoint.query, 'query', schemas),
      ...headersOf(endpoint),
    ],
    ...(endpoint.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': contentOf(endpoint, schemas) },
          },
        }
      : {}),
    responses: responsesOf(endpoint, schemas),
  };
}

function contentOf(endpoint: Endpoint, schemas: Json): Json {
  const schema = schemaOf(endpoint.body as z.ZodType, 'input', schemas);
  return endpoint.example === undefined ? { schema } : { schema, example: endpoint.example };
}

function allowedOf(endpoint: Endpoint): string[] {
  const rule = authorization[endpoint.operation as Operation];
  if (rule.anyone) return ['anyone'];
  return [
    ...(rule.person ? ['any signed-in person'] : []),
    ...(rule.permission === undefined ? [] : [`organization permission ${rule.permission}`]),
    ...(rule.apiKey ? ['API key'] : []),
    ...(rule.application ? ['application key'] : []),
    ...(rule.platformPermission === undefined
      ? []
      : [`platform permission ${rule.platformPermission}`]),
  ];
}

function isForPeople({ person, permission, platformPermission }: Rule): boolean {
  return person || permission !== undefined || platformPermission !== undefined;
}

function tagOf(endpoint: Endpoint): string {
  const [, , , first = '', second = ''] = endpoint.path.split('/');
  if (first === 'admin') return `admin: ${second}`;
  return first === 'auth' || first === 'me' || endpoint.path.startsWith('/.well-known')
    ? 'people'
    : first;
}

function headersOf(endpoint: Endpoint): Json[] {
  if (!endpoint.idempotent) return [];
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'The same key and body answer the first result, for 24 hours.',
      schema: { type: 'string', maxLength: 255 },
    },
  ];
}

function parametersOf(
  schema: z.ZodType | undefined,
  place: 'path' | 'query',
  schemas: Json,
): Json[] {
  if (!schema) return [];
  const object = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (object.required ?? []).includes(name),
    schema: property,
  }));
}

function responsesOf(endpoint: Endpoint, schemas: Json): Json {
  const rule = authorization[endpoint.operation as Operation];
  const codes: RefusalCode[] = [
    ...alwaysRefusals,
    ...(rule.anyone ? [] : (['unauthenticated', 'forbidden'] as const)),
    ...(endpoint.params ? (['not_found'] as const) : []),
    ...(endpoint.idempotent ? (['idempotency_mismatch', 'idempotency_in_progress'] as const) : []),
    ...(endpoint.refusals ?? []),
  ];
  const responses: Json = { [String(endpoint.status ?? 200)]: successOf(endpoint, schemas) };
  for (const status of [...new Set(codes.map((code) => refusals[code]))].sort()) {
    const here = codes.filter((code) => refusals[code] === status);
    responses[String(status)] = {
      description: [...new Set(here)].join(', '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    };
  }
  return responses;
}

function successOf(endpoint: Endpoint, schemas: Json): Json {
  if (!endpoint.answer) return { description: 'Done.' };
  return {
    description: 'Done.',
    content: { 'application/json': { schema: schemaOf(endpoint.answer, 'output', schemas) } },
  };
}

/** JSON Schema of a zod schema; named parts move to the components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const {
    $schema: _,
    $defs,
    ...root
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & {
    $defs?: Json;
  };
  for (const [name, definition] of Object.entries($defs ?? {})) {
    schemas[name] = relocate(definition as Json);
  }
  const { id, ...body } = relocate(root) as Json & { id?: string };
  if (typeof id !== 'string') return body;
  schemas[id] = body;
  return { $ref: `#/components/schemas/${id}` };
}

function relocate(value: unknown): Json {
  const text = JSON.stringify(value, (key, part) =>
    key === 'id' && typeof part === 'string' ? undefined : part,
  );
  const moved = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
  const { id } = value as { id?: unknown };
  return typeof id === 'string' ? { ...moved, id } : moved;
}
