/** Every operation refuses bad input with a sentence, and changes nothing by it. */
import type { Operation } from '@sluice/contract';
import { authorization } from '@sluice/contract/authorization';
import type { Endpoint } from '@sluice/contract/endpoint';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, isOrganizations, openWalk, type Walk } from './testing/walk.ts';
import { walked } from './testing/walked.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
});
afterAll(() => walk.close());

/** Somebody who may. */
function callerOf({ operation }: Endpoint): Caller {
  const rule = authorization[operation as Operation];
  if (rule.platformPermission) return walk.caller('platform admin');
  const isOwners = rule.anyone || rule.person || rule.permission;
  return walk.caller(isOwners ? 'organization owner' : 'application');
}

/** The organization of the path is the caller's own; every other record is one that is not there. */
function idOf(endpoint: Endpoint): string {
  return isOrganizations(endpoint) ? callerOf(endpoint).organizationId : 'none';
}

/** Every table's number of rows but those that count failures and sessions. */
async function countRows(): Promise<Record<string, bigint>> {
  const { rows } = await counted.execute(walk.db.database);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

const uncounted = /attempts$|sessions|refresh|signing|migrations/;
let counted: RawBuilder<{ name: string; count: bigint }>;
beforeAll(async () => {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'
  `.execute(walk.db.database);
  const names = rows
    .map(({ name }) => name)
    .filter((name) => !uncounted.test(name) || name === 'payments_attempts');
  expect(names.length).toBeGreaterThan(100);
  counted = sql.join(
    names.map((name) => sql`select ${name} as name, count(*) as count from ${sql.table(name)}`),
    sql` union all `,
  ) as typeof counted;
});

const badAmounts = [
  '-1',
  'NaN',
  '1e3',
  '0.0000000001',
  '1'.repeat(16),
  '１０',
  '',
  ' 5',
  '+5',
  '0x10',
  1e21,
  -1,
  null,
  {},
  [],
];
const badNumbers = [{}, [], 'x'.repeat(10_000), 1.5, 9e15, '\u0000', true];

describe('bad input', () => {
  const withBody = walked.filter(
    ({ body, operation }) => body !== undefined && !/^(login|refreshSession)$/.test(operation),
  );
  const paramsOf = (endpoint: Endpoint) => ({
    id: endpoint.path.includes('packages') ? walk.packageId : idOf(endpoint),
    provider: 'credit',
  });
  const ask = (endpoint: Endpoint, body: unknown) =>
    walk.send(endpoint, { ...callerOf(endpoint), params: paramsOf(endpoint), body });

  test.each(withBody.map((endpoint) => [endpoint.operation, endpoint] as const))(
    '%s refuses it with a sentence, and changes nothing',
    async (_operation, endpoint) => {
      const before = await countRows();
      const example = (endpoint.example ?? {}) as Record<string, unknown>;
      const bodies: unknown[] = ['{', '[]', '"text"', '{"a":1}{', { ...example, no_such_field: 1 }];
      for (const [field, value] of Object.entries(example)) {
        const isAmount =
          /amount|price$|limit|prices|multiplier$|threshold/.test(field) &&
          typeof value !== 'object';
        for (const bad of isAmount ? badAmounts : badValuesFor(value))
          bodies.push({ ...example, [field]: bad });
      }
      if ('prices' in example) {
        for (const bad of badAmounts) {
          bodies.push({ ...example, prices: { input: bad, output: '1' } });
        }
      }
      for (const body of bodies) {
        const answer = await ask(endpoint, body);
        const shown = `${JSON.stringify(body).slice(0, 200)} → ${answer.statusCode} ${answer.body.slice(0, 200)}`;
        expect(answer.statusCode, shown).toBeGreaterThanOrEqual(400);
        expect(answer.statusCode, shown).toBeLessThan(500);
        expect(answer.json().error.message.length, shown).toBeGreaterThan(10);
      }
      expect(await countRows()).toEqual(before);
    },
  );

  /** Values of another kind than the example's. */
  function badValuesFor(value: unknown): unknown[] {
    if (typeof value === 'string') return [{}, [], 1.5, true, 'x'.repeat(10_000)];
    if (typeof value === 'number') return badNumbers;
    if (typeof value === 'boolean') return ['text', 1, {}];
    return ['text', 1, true];
  }

  test('a body beyond the limit is 413', async () => {
    for (const endpoint of withBody) {
      const answer = await ask(endpoint, { filler: 'x'.repeat(endpoint.bodyBytesMax ?? 300_000) });
      expect(answer.statusCode, endpoint.operation).toBe(413);
    }
  });

  test('every list refuses a wrong limit, cursor or unknown filter', async () => {
    for (const endpoint of walked.filter(
      ({ method, query }) => method === 'GET' && query !== undefined,
    )) {
      const url = endpoint.path.replace('{id}', idOf(endpoint)).replace(/\{\w+\}/g, 'none');
      for (const query of ['limit=0', 'limit=201', 'limit=x', 'no_such=1']) {
        const answer = await walk.server.app.inject({
          method: 'GET',
          url: `${url}?${query}`,
          headers: callerOf(endpoint).headers,
        });
        expect(answer.statusCode, `${url}?${query}`).toBe(400);
      }
      for (const cursor of ['%00', 'bm90IG91cnM', '%F0%9F%92%A9', 'x'.repeat(600)]) {
        const answer = await walk.server.app.inject({
          method: 'GET',
          url: `${url}?cursor=${cursor}`,
          headers: callerOf(endpoint).headers,
        });
        expect(answer.statusCode, `${url}?cursor=${cursor} ${answer.body}`).toBeLessThan(500);
      }
    }
  });

  test('unknown ids are 404 with a sentence', async () => {
    for (const endpoint of walked.filter(
      ({ path, method }) => path.includes('{') && method === 'GET',
    )) {
      const answer = await walk.send(endpoint, {
        params: { id: 'none', provider: 'none', request_id: 'none' },
        headers: callerOf(endpoint).headers,
      });
      expect(answer.statusCode, `${endpoint.operation} ${answer.body}`).toBe(404);
    }
  });
});
