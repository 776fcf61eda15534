/** A gateway with everything behind it, and old installations beside it to be moved in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Context } from '../../../platform/context.ts';
import { createEvents } from '../../../platform/events.ts';
import { testContext } from '../../../platform/testkit/platform.ts';
import { entitlementsListeners } from '../../entitlements/index.ts';
import { startGateway } from '../../gateway/testkit/gateway-fixture.ts';
import { ledgerListeners } from '../../ledger/index.ts';
import { atPar, type ImportCommand, openOneApi, runImport } from '../index.ts';
import { makeSqlite } from './old-database.ts';
import { fillOldOneApi, type OldOneApi } from './old-one-api.ts';

export type ImportsFixture = Awaited<ReturnType<typeof startImports>>;

export async function startImports() {
  const gateway = await startGateway();
  const { platform } = gateway;
  const events = createEvents([...ledgerListeners, ...entitlementsListeners]);
  const context: Context = { ...testContext(platform), events };
  const folder = mkdtempSync(join(tmpdir(), 'sluice-imports-'));
  let files = 0;
  return {
    ...{ gateway, platform, context, folder },
    /** A file of SQLite with such an installation. */
    async oldOneApi(wanted: OldOneApi): Promise<string> {
      files += 1;
      const path = join(folder, `old-${files}.db`);
      const database = makeSqlite(path);
      await fillOldOneApi(database, wanted);
      await database.close();
      return path;
    },
    async importOneApi(
      database: string,
      command: Partial<ImportCommand> & { kind?: 'new-api' } = {},
    ) {
      const { kind = 'one-api', ...rest } = command;
      const old = await openOneApi({ kind, database, rate: atPar, timeZone: 'UTC' });
      try {
        return await runImport(context, old, {
          name: 'old',
          applies: true,
          prices: gateway.prices,
          ...rest,
        });
      } finally {
        await old.close();
      }
    },
    /** The wallet of whoever had the account there, in nano-units. */
    async walletOf(email: string): Promise<bigint | undefined> {
      const { rows } = await sql<{ available: bigint }>`
        select b.available
        from identity_users as u
        join identity_organizations as o on o.personal_user_id = u.id
        join ledger_buckets as b on b.organization_id = o.id and b.kind = 'wallet'
        where u.email = ${email}
      `.execute(platform.database);
      return rows[0]?.available;
    },
    async figures() {
      const { rows } = await sql<{
        people: bigint;
        keys: bigint;
        transfers: bigint;
        nanos: bigint;
      }>`
        select (select count(*) from identity_users) as people, (select count(*) from identity_api_keys) as keys,
          count(*) as transfers, coalesce(sum(amount), 0)::bigint as nanos
        from ledger_transfers
        where kind = 'opening_balance'
      `.execute(platform.database);
      return rows[0];
    },
    async close() {
      await gateway.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
