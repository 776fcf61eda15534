/**
 * Where an organization asks more of sessions than one shows, nothing of the organization is read or changed in it; what
 * is the person's own goes on.
 */
import type { Operation } from '@sluice/contract';
import { authorization } from '@sluice/contract/authorization';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWalk, type Walk } from './testing/walk.ts';
import { walked } from './testing/walked.ts';

let walk: Walk;
beforeAll(async () => {
  walk = await openWalk();
  await sql`
    insert into identity_security_settings (organization_id, require_second_factor, updated_at)
    values (${walk.caller('organization owner').organizationId}, true, ${new Date()})
  `.execute(walk.db.database);
});
afterAll(() => walk.close());

const organizations = walked.filter(
  ({ operation }) => authorization[operation as Operation].permission !== undefined,
);

test.each(organizations.map((endpoint) => [endpoint.operation, endpoint] as const))(
  '%s refuses the session of an owner',
  async (_operation, endpoint) => {
    const { headers, organizationId: id } = walk.caller('organization owner');
    const answer = await walk.send(endpoint, { headers, params: { id }, body: endpoint.example });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error.code).toBe('second_factor_required');
  },
);

test('the person’s own goes on, and so do API keys', async () => {
  const owner = walk.caller('organization owner');
  for (const path of ['/me', '/me/security', '/me/sessions', '/organizations']) {
    const { headers } = owner;
    const answer = await walk.server.app.inject({ url: `/api/v1${path}`, headers });
    expect(answer.statusCode, path).toBe(200);
  }
  const { headers } = walk.caller('API key');
  const wallet = await walk.server.app.inject({ url: '/api/v1/billing/wallet', headers });
  expect(wallet.statusCode).toBe(200);
});
