/** SQL about salts of keys that were moved here from other systems. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

export interface KeySalt {
  id: string;
  /** How secrets that were hashed with it begin. */
  prefix: string;
  sealedSalt: string;
}

/** More systems than anybody moves in from. */
const saltsMax = 50;

export async function findKeySalts(executor: Executor): Promise<KeySalt[]> {
  const { rows } = await sql<KeySalt>`
    select id, prefix, sealed_salt as "sealedSalt"
    from identity_key_salts
    order by id
    limit ${saltsMax}
  `.execute(executor);
  return rows;
}

/** Keeps a salt; one that is kept under the id stays. */
export async function insertKeySalt(
  transaction: Transaction,
  salt: KeySalt & { createdAt: Date },
): Promise<void> {
  await sql`
    insert into identity_key_salts (id, prefix, sealed_salt, created_at)
    values (${salt.id}, ${salt.prefix}, ${salt.sealedSalt}, ${salt.createdAt})
    on conflict (id) do nothing
  `.execute(transaction);
}
