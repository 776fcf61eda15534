/** A process that counts to two, says so, and then works for ever at the third: to be killed. */
import { sql } from 'kysely';
import { openDatabase } from '../../../platform/database/pool.ts';
import type { TestDatabase } from '../../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../../platform/testkit/platform.ts';
import { systemClocks } from '../../../platform/time.ts';
import { runOperation } from '../index.ts';

const [, , url = '', key = ''] = process.argv;
const database = openDatabase({ url });
const platform = {
  ...testPlatform({ url, database } as TestDatabase),
  clocks: systemClocks(() => 0),
};
const begun = { kind: 'test.count', key, title: key, input: {}, total: 5 };
await runOperation(testContext(platform), begun, async (operation) => {
  for (const number of [1, 2]) {
    await sql`insert into counted (key, number) values (${key}, ${number})`.execute(database);
    await operation.advance({ done: number, total: 5 });
  }
  process.send?.('half');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
