/**
 * Nobody sees or changes what is another organization's, and nobody can tell that it is there: its id is answered
 * exactly as one that does not exist.
 */
import { endpoints, type Operation } from '@sluice/contract';
import { authorization } from '@sluice/contract/authorization';
import type { Endpoint } from '@sluice/contract/endpoint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Foreign, kindOf, kindsWithin } from './testing/foreign.ts';
import { isOrganizations, openWalk, type Walk } from './testing/walk.ts';
import { walked } from './testing/walked.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});
afterAll(() => walk.close());

/** Endpoints of the caller's own organization or account whose path names a record. */
const naming = walked.filter(({ path, operation }) => {
  const { permission, person } = authorization[operation as Operation];
  return path.includes('{') && (permission !== undefined || person);
});

/** Whose records are made with a provider's help; the tests of their domains ask for foreign ones. */
const withProvider = /\/(payment-methods|passkeys|identities|fapiao|sso\/domains)\//;
/** Packages are everybody's. */
const everybodys = new Set(['purchasePackage']);

describe('another organization', () => {
  test('cannot be acted in, by the header or by the path', async () => {
    for (const { name, kind, headers } of walk.callers) {
      if (kind !== 'person' && kind !== 'apiKey') continue;
      const answer = await walk.server.app.inject({
        url: '/api/v1/billing/wallet',
        headers: { ...headers, 'sluice-organization': walk.foreign.organization },
      });
      expect(answer.statusCode, name).toBe(404);
    }
  });

  test('is named by every path that could name it', () => {
    const unknown = naming.filter(
      (endpoint) =>
        kindOf(endpoint) === undefined &&
        !withProvider.test(endpoint.path) &&
        !everybodys.has(endpoint.operation),
    );
    expect(unknown.map(({ operation }) => operation)).toEqual([]);
  });

  const named = naming.filter((endpoint) => kindOf(endpoint) !== undefined);
  test.each(named.map((endpoint) => [endpoint.operation, endpoint] as const))(
    '%s answers for its record as for one that does not exist, whoever asks',
    async (_operation, endpoint) => {
      const kind = kindOf(endpoint) as keyof Foreign;
      for (const caller of walk.callers) {
        const ask = async (id: string) =>
          shapeOf(
            await walk.send(endpoint, {
              ...caller,
              params: { id, request_id: id },
              body: endpoint.example,
            }),
            id,
          );
        const answer = await ask(walk.foreign[kind]);
        expect(answer, caller.name).toEqual(await ask(unknownLike(walk.foreign[kind])));
        expect(answer.status, `${caller.name} ${answer.body}`).toBeGreaterThanOrEqual(400);
      }
      const owner = walk.caller('organization owner');
      const asked = {
        ...owner,
        params: { id: walk.foreign[kind], request_id: walk.foreign[kind] },
      };
      const { statusCode } = await walk.send(endpoint, { ...asked, body: endpoint.example });
      if (endpoint.body === undefined || endpoint.example !== undefined)
        expect(statusCode).toBe(404);
    },
  );

  const within = naming.filter((endpoint) => isOrganizations(endpoint) && inner(endpoint));
  test.each(within.map((endpoint) => [endpoint.operation, endpoint] as const))(
    '%s finds no record of another organization under the path of one’s own',
    async (_operation, endpoint) => {
      const name = inner(endpoint) as string;
      const kind = kindsWithin[name];
      if (kind === undefined) {
        expect(endpoint.path).toMatch(withProvider);
        return;
      }
      for (const caller of walk.callers) {
        const ask = async (id: string) =>
          shapeOf(
            await walk.send(endpoint, {
              ...caller,
              params: { id: caller.organizationId, [name]: id },
              body: endpoint.example,
            }),
            id,
          );
        const answer = await ask(walk.foreign[kind]);
        expect(answer, caller.name).toEqual(await ask(unknownLike(walk.foreign[kind])));
        expect(answer.status, `${caller.name} ${answer.body}`).toBeGreaterThanOrEqual(400);
      }
    },
  );

  test('appears in no list', async () => {
    const lists = walked.filter(
      ({ method, path, operation }) =>
        method === 'GET' &&
        (!path.includes('{') ||
          (isOrganizations({ path } as Endpoint) && path.split('{').length === 2)) &&
        !path.includes('/admin/') &&
        authorization[operation as Operation].permission !== undefined,
    );
    expect(lists.length).toBeGreaterThan(15);
    const owner = walk.caller('organization owner');
    for (const endpoint of lists) {
      const answer = await walk.send(endpoint, {
        headers: owner.headers,
        params: { id: owner.organizationId },
      });
      expect(answer.statusCode, endpoint.operation).toBe(200);
      for (const id of Object.values(walk.foreign)) {
        expect(answer.body, endpoint.operation).not.toContain(id);
      }
    }
  });

  test('says nothing of itself to those who name it in an operator’s place', async () => {
    const operators = endpoints.filter(({ path }) =>
      path.startsWith('/api/v1/admin/organizations/{id}'),
    );
    const owner = walk.caller('organization owner');
    for (const endpoint of operators) {
      const ask = async (id: string) =>
        shapeOf(
          await walk.send(endpoint, { ...owner, params: { id }, body: endpoint.example }),
          id,
        );
      const answer = await ask(walk.foreign.organization);
      expect(answer.status, endpoint.operation).toBe(403);
      expect(answer).toEqual(await ask(unknownLike(walk.foreign.organization)));
    }
  });
});

/** The parameter behind the organization's id. */
function inner({ path }: Endpoint): string | undefined {
  return /\{id\}.*\{(\w+)\}/.exec(path)?.[1];
}

function unknownLike(id: string): string {
  return `${id.slice(0, -4)}zzzz`;
}

/** All that an answer tells, but for what differs with every request. */
function shapeOf(answer: { statusCode: number; body: string }, id: string) {
  const body = answer.body.replaceAll(id, '…').replace(/"request_id":"[^"]*"/, '"request_id":"…"');
  return { status: answer.statusCode, body };
}
