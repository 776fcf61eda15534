/** The deployment's secrets: the key that seals, those that open beside it, and the root of what is derived. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Config, ConfigError } from './config.ts';
import { createSealer, newSecret, type Sealer, SealNotOpened } from './crypto.ts';
import type { Database } from './database/pool.ts';
import type { SealedColumn } from './sealed-columns.ts';

/**
 * From the environment, or in a sandbox made once and kept beside its data.
 * @throws ConfigError in live mode without a key.
 */
export function secretKeyOf(config: Config): string {
  if (config.secretKey !== undefined) return config.secretKey;
  if (config.mode === 'live')
    throw new ConfigError('Live mode needs SLUICE_SECRET_KEY: set it, then start again.');
  const file = join(config.dataDir, 'secret-key');
  mkdirSync(config.dataDir, { recursive: true });
  try {
    // Created by whoever comes first; the others read what that one wrote.
    writeFileSync(file, newSecret(''), { flag: 'wx', mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}

const rootPurpose = 'platform.root';

export const rootSealed: SealedColumn = {
  table: 'platform_roots',
  key: 'id',
  column: 'sealed_root',
  holds: 'text',
  purpose: () => rootPurpose,
};

/**
 * A sealer for a migrated database. The first key a database meets is also its root; later keys only seal it.
 * @throws ConfigError when the database's secrets are sealed under a key that is not given.
 */
export async function openSealer(config: Config, database: Database): Promise<Sealer> {
  const key = secretKeyOf(config);
  const beside = config.secretKeysBeside;
  const ring = createSealer(key, { beside });
  const sealedRoot =
    (await findRoot(database)) ?? (await keepRoot(database, { ring, key, beside }));
  try {
    return createSealer(key, { beside, root: ring.open(sealedRoot, rootPurpose) });
  } catch (error) {
    if (!(error instanceof SealNotOpened)) throw error;
    throw new ConfigError(
      `SLUICE_SECRET_KEY (its id is ${ring.keyId}) is not the key of this database. ${error.message} Put the right one into SLUICE_SECRET_KEY, or beside a new one into SLUICE_SECRET_KEY_PREVIOUS, then start again.`,
      { cause: error },
    );
  }
}

async function keepRoot(
  database: Database,
  { ring, key, beside }: { ring: Sealer; key: string; beside: readonly string[] },
): Promise<string> {
  if (beside.length > 0) {
    // Which of them everything was derived from so far, nobody could tell.
    throw new ConfigError(
      'This database has not noted its key yet: start once with its SLUICE_SECRET_KEY alone, then set SLUICE_SECRET_KEY_PREVIOUS.',
    );
  }
  await sql`
    insert into platform_roots (id, sealed_root)
    values ('root', ${ring.seal(key, rootPurpose)})
    on conflict do nothing
  `.execute(database);
  // Another process may have been first.
  return (await findRoot(database)) ?? '';
}

async function findRoot(database: Database): Promise<string | undefined> {
  const { rows } = await sql<{ sealedRoot: string }>`
    select sealed_root as "sealedRoot"
    from platform_roots
  `.execute(database);
  return rows[0]?.sealedRoot;
}
