/** SQL about passkeys and the challenges that they sign. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

export interface Passkey {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: bigint;
  transports: string[];
  name: string;
  isSynced: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

const columns = sql`
  id, user_id as "userId", credential_id as "credentialId", public_key as "publicKey", counter, transports, name,
  is_synced as "isSynced", created_at as "createdAt", last_used_at as "lastUsedAt"
`;

/** Keeps a passkey; undefined where the credential is known already, whosever it is. */
export async function insertPasskey(
  transaction: Transaction,
  passkey: Omit<Passkey, 'lastUsedAt'>,
): Promise<Passkey | undefined> {
  const { rows } = await sql<Passkey>`
    insert into identity_passkeys
      (id, user_id, credential_id, public_key, counter, transports, name, is_synced, created_at)
    values
      (${passkey.id}, ${passkey.userId}, ${passkey.credentialId}, ${Buffer.from(passkey.publicKey)}, ${passkey.counter},
       ${passkey.transports}::text[], ${passkey.name}, ${passkey.isSynced}, ${passkey.createdAt})
    on conflict (credential_id) do nothing
    returning ${columns}
  `.execute(transaction);
  return rows[0];
}

export async function findPasskeys(
  executor: Executor,
  page: { userId: string; limit: number },
): Promise<Passkey[]> {
  const { rows } = await sql<Passkey>`
    select ${columns}
    from identity_passkeys
    where user_id = ${page.userId}
    order by id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export async function findPasskeyByCredential(
  executor: Executor,
  credentialId: string,
): Promise<Passkey | undefined> {
  const { rows } = await sql<Passkey>`
    select ${columns}
    from identity_passkeys
    where credential_id = ${credentialId}
  `.execute(executor);
  return rows[0];
}

/** Takes a signature's counter; of two that show the same one, a copied key's among them, the second is told no. */
export async function takeCounter(
  transaction: Transaction,
  used: { id: string; counter: bigint; at: Date },
): Promise<boolean> {
  const updated = await sql`
    update identity_passkeys
    set counter = ${used.counter}, last_used_at = ${used.at}
    where id = ${used.id} and (counter < ${used.counter} or (counter = 0 and ${used.counter} = 0))
  `.execute(transaction);
  return updated.numAffectedRows === 1n;
}

export async function renamePasskeyRow(
  transaction: Transaction,
  passkey: { id: string; userId: string; name: string },
): Promise<{ before: string; passkey: Passkey } | undefined> {
  const { rows: before } = await sql<{ name: string }>`
    select name
    from identity_passkeys
    where id = ${passkey.id} and user_id = ${passkey.userId}
    for update
  `.execute(transaction);
  if (!before[0]) return undefined;
  const { rows } = await sql<Passkey>`
    update identity_passkeys
    set name = ${passkey.name}
    where id = ${passkey.id} and user_id = ${passkey.userId}
    returning ${columns}
  `.execute(transaction);
  return { before: before[0].name, passkey: rows[0] as Passkey };
}

export async function deletePasskey(
  transaction: Transaction,
  passkey: { id: string; userId: string },
): Promise<{ name: string } | undefined> {
  const { rows } = await sql<{ name: string }>`
    delete from identity_passkeys
    where id = ${passkey.id} and user_id = ${passkey.userId}
    returning name
  `.execute(transaction);
  return rows[0];
}

/** Removes passkeys of a person, or those made since an instant; answers how many. */
export async function deletePasskeysOf(
  transaction: Transaction,
  passkeys: { userId: string; since?: Date },
): Promise<number> {
  const removed = await sql`
    delete from identity_passkeys
    where user_id = ${passkeys.userId}
      and (${passkeys.since ?? null}::timestamptz is null or created_at >= ${passkeys.since ?? null})
  `.execute(transaction);
  return Number(removed.numAffectedRows ?? 0n);
}

export async function insertChallenge(
  executor: Executor,
  challenge: { hash: string; userId: string | null; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into identity_passkey_challenges (hash, user_id, expires_at)
    values (${challenge.hash}, ${challenge.userId}, ${challenge.expiresAt})
  `.execute(executor);
}

/** Uses a challenge up; answers false where it is unknown, used, too old, or another person's. */
export async function consumeChallenge(
  executor: Executor,
  challenge: { hash: string; userId: string | null; now: Date },
): Promise<boolean> {
  const removed = await sql`
    delete from identity_passkey_challenges
    where hash = ${challenge.hash}
      and user_id is not distinct from ${challenge.userId}
      and expires_at > ${challenge.now}
  `.execute(executor);
  return removed.numAffectedRows === 1n;
}

/** Removes challenges that ran out before the instant; answers how many. */
export async function deleteOldChallenges(executor: Executor, before: Date): Promise<number> {
  const removed = await sql`
    delete from identity_passkey_challenges
    where expires_at < ${before}
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}
