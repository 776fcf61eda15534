/** SQL about authenticators and recovery codes. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

export interface TotpRow {
  sealedSecret: string;
  enabledAt: Date | null;
}

export async function findTotp(executor: Executor, userId: string): Promise<TotpRow | undefined> {
  const { rows } = await sql<TotpRow>`
    select sealed_secret as "sealedSecret", enabled_at as "enabledAt"
    from identity_totp
    where user_id = ${userId}
  `.execute(executor);
  return rows[0];
}

/** Keeps a secret that is not in use yet, in place of another such; answers false where one is in use. */
export async function offerTotp(
  transaction: Transaction,
  totp: { userId: string; sealedSecret: string; at: Date },
): Promise<boolean> {
  const kept = await sql`
    insert into identity_totp as t (user_id, sealed_secret, created_at)
    values (${totp.userId}, ${totp.sealedSecret}, ${totp.at})
    on conflict (user_id) do update
    set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, last_step = null
    where t.enabled_at is null
  `.execute(transaction);
  return kept.numAffectedRows === 1n;
}

export async function enableTotp(
  transaction: Transaction,
  totp: { userId: string; at: Date },
): Promise<void> {
  await sql`
    update identity_totp
    set enabled_at = ${totp.at}
    where user_id = ${totp.userId}
  `.execute(transaction);
}

/** Accepts the code of a step, once: of two processes that ask at the same time, one is told no. */
export async function acceptStep(
  transaction: Transaction,
  accepted: { userId: string; step: number },
): Promise<boolean> {
  const updated = await sql`
    update identity_totp
    set last_step = ${accepted.step}
    where user_id = ${accepted.userId} and (last_step is null or last_step < ${accepted.step})
  `.execute(transaction);
  return updated.numAffectedRows === 1n;
}

/** Removes the authenticator, and the recovery codes that stood in for it. */
export async function deleteTotp(transaction: Transaction, userId: string): Promise<void> {
  await sql`
    delete from identity_totp
    where user_id = ${userId}
  `.execute(transaction);
  await sql`
    delete from identity_recovery_codes
    where user_id = ${userId}
  `.execute(transaction);
}

/** Removes an authenticator that was turned on since an instant; answers whether there was one. */
export async function deleteTotpSince(
  transaction: Transaction,
  { userId, since }: { userId: string; since: Date },
): Promise<boolean> {
  const { rows } = await sql<{ since: boolean }>`
    select coalesce(enabled_at, created_at) >= ${since} as since
    from identity_totp
    where user_id = ${userId}
  `.execute(transaction);
  if (!rows[0]?.since) return false;
  await deleteTotp(transaction, userId);
  return true;
}

/** Puts fresh recovery codes in place of all others, used or not. */
export async function replaceRecoveryCodes(
  transaction: Transaction,
  codes: { userId: string; hashes: readonly string[]; at: Date },
): Promise<void> {
  await sql`
    delete from identity_recovery_codes
    where user_id = ${codes.userId}
  `.execute(transaction);
  await sql`
    insert into identity_recovery_codes (user_id, hash, created_at)
    select ${codes.userId}, hash, ${codes.at}
    from unnest(${[...codes.hashes]}::text[]) as codes (hash)
  `.execute(transaction);
}

/** Uses a recovery code up; answers false where it is unknown or used. */
export async function useRecoveryCodeRow(
  transaction: Transaction,
  code: { userId: string; hash: string; at: Date },
): Promise<boolean> {
  const used = await sql`
    update identity_recovery_codes
    set used_at = ${code.at}
    where user_id = ${code.userId} and hash = ${code.hash} and used_at is null
  `.execute(transaction);
  return used.numAffectedRows === 1n;
}

export async function countRecoveryCodes(executor: Executor, userId: string): Promise<number> {
  const { rows } = await sql<{ left: bigint }>`
    select count(*) as left
    from identity_recovery_codes
    where user_id = ${userId} and used_at is null
  `.execute(executor);
  return Number(rows[0]?.left ?? 0n);
}
