import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../platform/http/caller.ts';
import { keyCaller, userCaller } from '../../platform/testkit/callers.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testPlatform } from '../../platform/testkit/platform.ts';
import { createPayer } from '../access/testkit/payer.ts';
import { createReportingFixture, type ReportingFixture } from './testkit/reporting-fixture.ts';

let db: TestDatabase;
let fixture: ReportingFixture;
let organizationId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  const platform = testPlatform(db);
  fixture = await createReportingFixture(platform, await createPayer(platform, db.url));
  organizationId = await fixture.organization();
});
afterAll(async () => {
  await fixture.close();
  await db.close();
});

async function ask(caller: Caller, query: string) {
  fixture.setCaller(caller);
  return fixture.app.inject({ method: 'GET', url: `/api/v1/billing/usage?${query}` });
}

describe('getUsage', () => {
  test.each([
    ['group_by=member', 'group_by'],
    ['group_by=model,cost_center', 'group_by'],
    ['member=usr_2', 'member'],
    ['cost_center=none', 'cost_center'],
  ])('shows %s only to roles that see other members', async (query, param) => {
    const member = userCaller({ organizationId, permissions: ['usage.read'] });
    const key = keyCaller({ organizationId });
    for (const caller of [member, key]) {
      const refused = await ask(caller, query);
      expect(refused.statusCode).toBe(403);
      expect(refused.json().error).toMatchObject({ code: 'forbidden', param });
      expect((await ask(caller, 'group_by=model')).statusCode).toBe(200);
    }
    const billing = userCaller({
      organizationId,
      permissions: ['usage.read', 'usage.read_members'],
    });
    expect((await ask(billing, query)).statusCode).toBe(200);
  });

  test('hands the split out as a file, with a column for names beside ids', async () => {
    const query = 'group_by=cost_center,model&format=csv&interval=all';
    const file = await ask(userCaller({ organizationId }), query);
    expect(file.headers['content-type']).toContain('text/csv');
    expect(file.headers['content-disposition']).toMatch(/filename="usage-.*\.csv"/);
    expect(file.body.split('\r\n')[0]).toBe(
      '\ufefffrom,to,cost_center,cost_center_name,model,calls,input_tokens,cached_input_tokens,' +
        'cache_write_tokens,output_tokens,reasoning_tokens,amount,currency',
    );
  });
});
