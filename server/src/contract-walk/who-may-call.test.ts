/**
 * Every operation of `openapi.json` is served, and lets in whom the authorization table says and nobody else, whatever
 * their role.
 */
import { endpoints, type Operation } from '@sluice/contract';
import { allowsPerson, authorization, type Rule } from '@sluice/contract/authorization';
import type { Endpoint } from '@sluice/contract/endpoint';
import openApi from '@sluice/contract/openapi.json' with { type: 'json' };
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, isOrganizations, openWalk, type Walk } from './testing/walk.ts';
import { walked } from './testing/walked.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});
afterAll(() => walk.close());

describe('every operation', () => {
  test('of openapi.json is served, and nothing else is', () => {
    const described = Object.values(openApi.paths).flatMap((path) =>
      Object.values(path as Record<string, { operationId: string }>).map(
        ({ operationId }) => operationId,
      ),
    );
    expect([...walk.server.served].sort()).toEqual(described.sort());
    expect(Object.keys(authorization).sort()).toEqual(described.sort());
  });

  test.each(
    endpoints
      .filter(({ example }) => example !== undefined)
      .map((endpoint) => [endpoint.operation, endpoint] as const),
  )('%s has an example that its schema takes', (_operation, endpoint) => {
    expect(endpoint.body?.safeParse(endpoint.example).error).toBeUndefined();
  });

  test.each(walked.map((endpoint) => [endpoint.operation, endpoint] as const))(
    '%s lets in whom the table names and nobody else',
    async (operation, endpoint) => {
      const rule = authorization[operation as Operation];
      for (const caller of walk.callers) {
        const answer = await walk.send(endpoint, {
          headers: caller.headers,
          params: isOrganizations(endpoint) ? { id: placeOf(endpoint, caller) } : {},
        });
        const isLetIn = answer.statusCode !== 401 && answer.statusCode !== 403;
        const isCredential = credentialCodes.has(codeOf(answer));
        const shown = `${caller.name}: ${isLetIn || isCredential}`;
        expect(shown, answer.body).toBe(`${caller.name}: ${mayCall(rule, caller)}`);
      }
    },
  );
});

/** Whoever left would be missing from the rest of the walk. */
function placeOf({ operation }: Endpoint, { kind, organizationId }: Caller): string {
  return operation === 'leaveOrganization' && kind === 'person' ? 'none' : organizationId;
}

/** Refused for what was sent, not for who sent it. */
const credentialCodes: ReadonlySet<unknown> = new Set([
  'invalid_credentials',
  'token_invalid',
  'proof_required',
]);

function codeOf({ body, headers, json }: LightMyRequestResponse): unknown {
  const isJson = String(headers['content-type']).startsWith('application/json');
  return isJson && body !== '' ? json().error?.code : undefined;
}

function mayCall(rule: Rule, { kind, held }: Caller): boolean {
  if (rule.anyone) return true;
  if (kind === 'apiKey') return rule.apiKey && (!rule.permission || allowsPerson(rule, held));
  if (kind === 'application') return rule.application;
  return kind === 'person' && allowsPerson(rule, held);
}
