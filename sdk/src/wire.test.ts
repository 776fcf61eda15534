/**
 * The SDK carries nothing of the contract at run time, so its types are written by hand. Here they are held against the
 * contract twice: by the compiler, and field by field against the published `openapi.json`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as access from '../../contract/src/access.ts';
import type * as applications from '../../contract/src/applications.ts';
import type { AnswerOf, BodyInputOf } from '../../contract/src/endpoint.ts';
import type * as metering from '../../contract/src/metering.ts';
import * as wire from './wire.ts';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  items?: Schema;
}

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string }[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
  responses: Record<string, { content?: { 'application/json': { schema: Schema } } }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const path = new URL('../../contract/openapi.json', import.meta.url);
const document = JSON.parse(readFileSync(path, 'utf8')) as Document;

type Name = keyof typeof wire.operations;

function published(name: Name): Operation | undefined {
  const [method, path] = wire.operations[name];
  return document.paths[path]?.[method.toLowerCase()];
}

function resolved(schema: Schema | undefined): Schema {
  if (schema?.$ref === undefined) return schema ?? {};
  return resolved(document.components.schemas[schema.$ref.split('/').at(-1) ?? '']);
}

/** Names of the fields, of whichever of several forms has them. */
function fieldsOf(schema: Schema | undefined): string[] {
  const { properties = {}, anyOf = [] } = resolved(schema);
  return [...new Set([...Object.keys(properties), ...anyOf.flatMap(fieldsOf)])].sort();
}

function bodyOf(name: Name): Schema | undefined {
  return published(name)?.requestBody?.content['application/json'].schema;
}

function answerOf(name: Name): Schema | undefined {
  const responses = Object.entries(published(name)?.responses ?? {});
  return responses.find(([status]) => status.startsWith('2'))?.[1].content?.['application/json']
    .schema;
}

/** Every field of `T`, by name: the compiler sees to it that none is left out or made up. */
const fields = <T>(names: Record<keyof Required<T>, true>): string[] => Object.keys(names).sort();

describe('operations', () => {
  it.each(Object.keys(wire.operations) as Name[])('%s is published under its path', (name) => {
    expect(published(name)?.operationId).toBe(name);
  });
});

describe('requests', () => {
  const subject = fields<wire.Subject>({
    api_key: true,
    organization: true,
    external_id: true,
    user: true,
  });

  it.each<[Name, string[]]>([
    [
      'authorizeAccess',
      fields<wire.AuthorizeRequest>({
        request_id: true,
        subject: true,
        estimate: true,
        model: true,
        application: true,
        ip: true,
        tags: true,
        hold_seconds: true,
      }),
    ],
    [
      'settleAccess',
      fields<wire.SettleRequest>({
        request_id: true,
        usage: true,
        outcome: true,
        latency_ms: true,
        first_token_ms: true,
      }),
    ],
    ['releaseAccess', ['request_id']],
    ['renewAccess', fields<wire.RenewRequest>({ request_id: true, hold_seconds: true })],
    [
      'checkRateLimit',
      fields<wire.RateLimitRequest>({
        subject: true,
        name: true,
        limit: true,
        window_seconds: true,
      }),
    ],
    [
      'registerSubject',
      fields<wire.SubjectRegistration>({ organization: true, user: true, name: true }),
    ],
  ])('%s has the fields that it is sent', (name, sent) => {
    expect(fieldsOf(bodyOf(name))).toEqual(sent);
  });

  it('name a subject as the contract does', () => {
    expect(fieldsOf(resolved(bodyOf('authorizeAccess')).properties?.subject)).toEqual(subject);
    const asked = published('getAccessQuotas')?.parameters?.map(({ name }) => name);
    expect(asked).toEqual(expect.arrayContaining(subject));
  });

  it('report events with the fields that they have', () => {
    const { events } = resolved(bodyOf('reportUsage')).properties ?? {};
    expect(fieldsOf(resolved(events).items)).toEqual(
      fields<wire.UsageEvent>({
        id: true,
        time: true,
        subject: true,
        application: true,
        meter: true,
        quantity: true,
        model: true,
        usage: true,
        tags: true,
        properties: true,
        corrects: true,
      }),
    );
  });

  it('are of the contract’s types', () => {
    type Identified<T> = T & { request_id: string };
    expectTypeOf<Identified<wire.AuthorizeRequest>>().toExtend<
      BodyInputOf<typeof access.authorizeAccess>
    >();
    expectTypeOf<wire.SettleRequest>().toExtend<BodyInputOf<typeof access.settleAccess>>();
    expectTypeOf<wire.RenewRequest>().toExtend<BodyInputOf<typeof access.renewAccess>>();
    expectTypeOf<wire.RateLimitRequest>().toExtend<BodyInputOf<typeof access.checkRateLimit>>();
    expectTypeOf<wire.SubjectRegistration>().toExtend<
      BodyInputOf<typeof applications.registerSubject>
    >();
    expectTypeOf<wire.UsageEvent & { id: string }>().toExtend<
      (typeof metering.ReportedUsage)['_zod']['input']
    >();
  });
});

describe('answers', () => {
  it.each<[Name, string[]]>([
    ['releaseAccess', fields<wire.Released>({ request_id: true, released: true })],
    [
      'registerSubject',
      fields<wire.RegisteredSubject>({
        external_id: true,
        organization: true,
        user: true,
        created_at: true,
      }),
    ],
    ['renewAccess', fields<wire.Renewed>({ request_id: true, expires_at: true })],
    [
      'authorizeAccess',
      fields<wire.Permit>({
        decision: true,
        request_id: true,
        call: true,
        organization: true,
        expires_at: true,
        limits: true,
      }),
    ],
    [
      'checkRateLimit',
      fields<wire.RateLimitAnswer>({
        allowed: true,
        limit: true,
        remaining: true,
        resets_at: true,
        retry_after_seconds: true,
      }),
    ],
    ['getAccessFeatures', fields<wire.Features>({ data: true, plan: true, organization: true })],
    ['getAccessQuotas', fields<wire.Quotas>({ data: true, next_cursor: true, organization: true })],
  ])('%s brings the fields that are read', (name, read) => {
    expect(fieldsOf(answerOf(name))).toEqual(read);
  });

  it('show limits with the fields that they have', () => {
    const { limits } = resolved(answerOf('authorizeAccess')).properties ?? {};
    expect(fieldsOf(resolved(limits).items)).toEqual(
      fields<wire.Limit>({
        kind: true,
        quota: true,
        meter: true,
        unit: true,
        window: true,
        subject: true,
        limit: true,
        used: true,
        reserved: true,
        remaining: true,
        resets_at: true,
        hard: true,
      }),
    );
  });

  it('are of the contract’s types', () => {
    expectTypeOf<AnswerOf<typeof access.authorizeAccess>>().toExtend<wire.Permit>();
    expectTypeOf<AnswerOf<typeof access.settleAccess>>().toExtend<wire.Receipt>();
    expectTypeOf<AnswerOf<typeof access.releaseAccess>>().toExtend<wire.Released>();
    expectTypeOf<AnswerOf<typeof access.renewAccess>>().toExtend<wire.Renewed>();
    expectTypeOf<AnswerOf<typeof access.checkRateLimit>>().toExtend<wire.RateLimitAnswer>();
    expectTypeOf<AnswerOf<typeof access.getAccessFeatures>>().toExtend<wire.Features>();
    expectTypeOf<AnswerOf<typeof access.getAccessQuotas>>().toExtend<wire.Quotas>();
    expectTypeOf<
      AnswerOf<typeof applications.registerSubject>
    >().toExtend<wire.RegisteredSubject>();
    expectTypeOf<AnswerOf<typeof metering.reportUsage>>().toExtend<wire.UsageResults>();
  });
});
