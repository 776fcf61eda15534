/**
 * `Idempotency-Key`: the same key and body answer the first result; the row that remembers it is written before the
 * handler runs, marked inside the handler's first transaction, and completed with the sealed answer.
 *
 * What a repeat finds after a crash: no effect → the request runs as if it were the first; an effect without an
 * answer → 409 `idempotency_answer_lost`, so that nothing is ever done twice.
 */
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { sha256 } from '../crypto.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import type { SealedColumn } from '../sealed-columns.ts';

const keptMs = 24 * 3_600_000;
/** A request that has had no effect for so long was lost with its process. */
const abandonedMs = 60_000;
const keyLengthMax = 255;
const sealPurpose = 'idempotency';

export const idempotencySealed: SealedColumn = {
  table: 'platform_idempotency_keys',
  key: 'id',
  column: 'sealed_answer',
  holds: 'text',
  purpose: () => sealPurpose,
};

export interface Answer {
  status: number;
  body: unknown;
}

interface KeyRow {
  id: string;
  operation: string;
  request_hash: string;
  effect: boolean;
  status: number | null;
  sealed_answer: string | null;
  started_at: Date;
  expires_at: Date;
}

export interface KeyedRequest {
  /** Whose key it is: a user's or an API key's id, with the acting organization. */
  scope: string;
  key: string;
  operation: string;
  /** Everything that makes the request what it is. */
  content: unknown;
}

/** Runs `handle` under the key, or answers what it answered before. */
export async function underIdempotencyKey(
  context: Context,
  request: KeyedRequest,
  handle: (context: Context) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  if (request.key.length === 0 || request.key.length > keyLengthMax) {
    throw new Refusal('malformed', `Use an Idempotency-Key of 1 to ${keyLengthMax} characters.`, {
      param: 'Idempotency-Key',
    });
  }
  const hash = sha256(JSON.stringify([request.operation, request.content]));
  const claimed = await claim(context, request, hash);
  if ('answer' in claimed) return { ...claimed.answer, replayed: true };

  const idempotency = { id: claimed.id, effect: false };
  try {
    const answer = await handle({ ...context, idempotency });
    await remember(context, claimed.id, answer);
    return { ...answer, replayed: false };
  } catch (error) {
    // Without an effect the key is free again; with one, the refusal is not the whole truth and the row stays.
    if (!idempotency.effect) await forget(context, claimed.id);
    throw error;
  }
}

async function claim(
  context: Context,
  request: KeyedRequest,
  hash: string,
): Promise<{ id: string } | { answer: Answer }> {
  const now = context.clocks.wall();
  const id = newId('idm', now);
  return context.database.transaction().execute(async (transaction) => {
    const inserted = await sql`
      insert into platform_idempotency_keys
        (id, scope, key, operation, request_hash, started_at, expires_at)
      values
        (${id}, ${request.scope}, ${request.key}, ${request.operation}, ${hash}, ${now},
         ${new Date(now.getTime() + keptMs)})
      on conflict (scope, key) do nothing
    `.execute(transaction);
    if (inserted.numAffectedRows === 1n) return { id };

    const { rows } = await sql<KeyRow>`
      select id, operation, request_hash, effect, status, sealed_answer, started_at, expires_at
      from platform_idempotency_keys
      where scope = ${request.scope} and key = ${request.key}
      for update
    `.execute(transaction);
    const row = rows[0];
    const reusable = row === undefined || isReusable(row, hash, now);
    if (!reusable) return { answer: replay(context, row, hash) };
    if (row === undefined) {
      throw new Refusal(
        'idempotency_in_progress',
        'The same request is being answered: ask again in a moment.',
      );
    }
    await sql`
      update platform_idempotency_keys
      set id = ${id}, operation = ${request.operation}, request_hash = ${hash}, effect = false, status = null,
        sealed_answer = null, started_at = ${now}, expires_at = ${new Date(now.getTime() + keptMs)}
      where id = ${row.id}
    `.execute(transaction);
    return { id };
  });
}

function isReusable(row: KeyRow, hash: string, now: Date): boolean {
  if (row.expires_at <= now) return true;
  const abandoned = now.getTime() - row.started_at.getTime() > abandonedMs;
  return !row.effect && row.status === null && row.request_hash === hash && abandoned;
}

function replay(context: Context, row: KeyRow, hash: string): Answer {
  if (row.request_hash !== hash) {
    throw new Refusal(
      'idempotency_mismatch',
      'This Idempotency-Key was used for another request: choose a new one.',
    );
  }
  if (row.status !== null && row.sealed_answer !== null) {
    const body = JSON.parse(context.sealer.open(row.sealed_answer, sealPurpose)) as {
      body?: unknown;
    };
    return { status: row.status, body: body.body };
  }
  const abandoned = context.clocks.wall().getTime() - row.started_at.getTime() > abandonedMs;
  if (row.effect && abandoned) {
    throw new Refusal(
      'idempotency_answer_lost',
      'The first request took effect, but its answer was lost: look the result up instead of repeating it.',
    );
  }
  throw new Refusal(
    'idempotency_in_progress',
    'The same request is being answered: ask again in a moment.',
  );
}

async function remember(context: Context, id: string, answer: Answer): Promise<void> {
  const sealed = context.sealer.seal(JSON.stringify({ body: answer.body }), sealPurpose);
  await sql`
    update platform_idempotency_keys
    set status = ${answer.status}, sealed_answer = ${sealed}
    where id = ${id}
  `.execute(context.database);
}

async function forget(context: Context, id: string): Promise<void> {
  await sql`delete from platform_idempotency_keys where id = ${id} and not effect`.execute(
    context.database,
  );
}

/** Removes keys that are no longer kept; answers how many. */
export async function removeExpiredKeys(context: Context): Promise<bigint> {
  const removed = await sql`
    delete from platform_idempotency_keys
    where expires_at <= ${context.clocks.wall()}
  `.execute(context.database);
  return removed.numAffectedRows ?? 0n;
}
