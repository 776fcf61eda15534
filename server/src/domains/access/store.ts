/** SQL of access: the stored functions of the hot path, called with prepared statements on connections of their own. */
import { sql } from 'kysely';
import pg from 'pg';
import {
  instantArray,
  plainArray,
  readArray,
  textArray,
} from '../../platform/database/array-literal.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { storedFunction, storedFunctionName } from '../../platform/database/stored-functions.ts';
import { instantOf, newId } from '../../platform/ids.ts';
import { type CallDetails, type Usage, writeDetails } from '../metering/index.ts';
import type {
  AuthorizeAnswer,
  AuthorizeCommand,
  PaidPart,
  ReleaseCommand,
  SettleCommand,
  Settlement,
} from './core/commands.ts';
import { noLimits, readLimits, toAnswer } from './core/read-answer.ts';
import { demandedOf, joinTags, positionsWhere, usedOf } from './meter-arrays.ts';

export type Pool = pg.Pool;

/** Both clocks at one moment. */
export interface Instants {
  wall: Date;
  business: Date;
}

/** Settled or given back. */
export type EndCommand =
  | ({ kind: 'settle' } & SettleCommand)
  | ({ kind: 'release' } & ReleaseCommand);

export type EndAnswer = Settlement & { closed: boolean; released: boolean };

const placeholders = (count: number) =>
  Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ');

/** The answer's few values are read by hand. */
const asText = { getTypeParser: () => (value: string) => value };

/** A prepared call of a stored function. */
const callOf = (name: string, parameters: number) => ({
  name,
  text: `select * from ${storedFunctionName(name)}(${placeholders(parameters)})`,
  types: asText,
});
const authorizeMany = callOf('access_authorize', 26);
const authorizeOne = callOf('access_authorize_one', 17);
const settleMany = callOf('access_settle', 32);
const settleOne = callOf('access_settle_one', 24);

/** Decides one call of a model, by the shorter way. */
export async function authorizeSingle(
  pool: Pool,
  command: AuthorizeCommand,
  now: Instants,
): Promise<AuthorizeAnswer> {
  const values = [
    command.requestId,
    command.organizationId,
    command.apiKeyId,
    command.userId,
    command.costCenterId,
    command.applicationId,
    command.model,
    command.priceId,
    command.worstCase,
    requiredHold(command),
    command.authorizedAt.toISOString(),
    command.expiresAt.toISOString(),
    command.tokens,
    command.durable,
    newId('trf', now.business).slice('trf_'.length),
    now.wall.toISOString(),
    now.business.toISOString(),
  ];
  const { rows } = await pool.query({ ...authorizeOne, values });
  const { code, amount, limits } = rows[0];
  return toAnswer(code, BigInt(amount), readLimits(limits).get(1) ?? noLimits);
}

/** Settles one call, by the shorter way; undefined where its hold does not cover it, and nothing was done. */
export async function settleSingle(
  pool: Pool,
  command: SettleCommand,
  now: Instants,
): Promise<EndAnswer | undefined> {
  const { usage } = command;
  const values = [
    command.requestId,
    command.organizationId,
    command.apiKeyId,
    command.userId,
    command.costCenterId,
    command.applicationId,
    command.model,
    command.priceId,
    command.channel,
    command.outcome,
    command.amount,
    usage.inputTokens,
    usage.cachedInputTokens,
    usage.cacheWriteTokens,
    usage.outputTokens,
    usage.reasoningTokens,
    usage.estimated,
    command.authorizedAt.toISOString(),
    command.latencyMs,
    command.firstTokenMs,
    joinTags(command.tags),
    writeDetails(usage, command.details),
    now.wall.toISOString(),
    now.business.toISOString(),
  ];
  const { rows } = await pool.query({ ...settleOne, values });
  const { bucket_ids, amounts } = rows[0];
  if (bucket_ids === null) return undefined;
  const paid = readArray(amounts);
  const parts = readArray(bucket_ids).map((bucketId, index) => {
    const id = bucketId as string;
    return { kind: kindOf(id), id, amount: BigInt(paid[index] as string) };
  });
  return { ...unsettled(), parts };
}

/** Decides calls; sorted by organization, no request twice. */
export async function authorizeBatch(
  pool: Pool,
  commands: readonly AuthorizeCommand[],
  now: Instants,
): Promise<AuthorizeAnswer[]> {
  const values = [
    plainArray(commands.map(({ requestId }) => requestId)),
    plainArray(commands.map(({ organizationId }) => organizationId)),
    plainArray(commands.map(({ apiKeyId }) => apiKeyId)),
    plainArray(commands.map(({ userId }) => userId)),
    plainArray(commands.map(({ costCenterId }) => costCenterId)),
    plainArray(commands.map(({ applicationId }) => applicationId)),
    textArray(commands.map(({ model }) => model)),
    plainArray(commands.map(({ priceId }) => priceId)),
    plainArray(commands.map(({ worstCase }) => worstCase)),
    plainArray(commands.map(requiredHold)),
    instantArray(commands.map(({ authorizedAt }) => authorizedAt)),
    instantArray(commands.map(({ expiresAt }) => expiresAt)),
    plainArray(commands.map(({ model, tokens }) => (model === null ? null : tokens))),
    ...demandedOf(commands),
    plainArray(positionsWhere(commands, ({ wantLimits }) => wantLimits === true)),
    ...boundsOf(commands),
    commands.some(({ durable }) => durable),
    newId('trf', now.business).slice('trf_'.length),
    now.wall.toISOString(),
    now.business.toISOString(),
  ];
  const { rows } = await pool.query({ ...authorizeMany, values });
  const answers = commands.map(
    ({ worstCase }): AuthorizeAnswer => ({ permitted: true, held: worstCase }),
  );
  const { positions, codes, amounts, limits } = rows[0];
  const held = readArray(amounts);
  const code = readArray(codes);
  const states = readLimits(limits);
  for (const [index, position] of readArray(positions).entries()) {
    const place = Number(position);
    const state = states.get(place) ?? noLimits;
    answers[place - 1] = toAnswer(code[index] ?? null, BigInt(held[index] ?? 0), state);
  }
  for (const [index, { wantLimits }] of commands.entries()) {
    const answer = answers[index];
    if (wantLimits && answer?.permitted) answer.limits = (states.get(index + 1) ?? noLimits).quotas;
  }
  return answers;
}

/** A call that can cost nothing needs no hold, whatever part of its cost has to be there. */
function requiredHold({ minimum, worstCase }: AuthorizeCommand): bigint {
  return minimum < worstCase ? minimum : worstCase;
}

const noUsage = {
  apiKeyId: null,
  userId: null,
  costCenterId: null,
  applicationId: null,
  tags: [],
  meters: [],
  model: null,
  priceId: null,
  channel: null,
  outcome: null,
  amount: 0n,
  usage: {
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  },
  latencyMs: null,
  firstTokenMs: null,
};

/** Settles and releases; sorted by organization, no request twice. */
export async function endBatch(
  pool: Pool,
  commands: readonly EndCommand[],
  now: Instants,
): Promise<EndAnswer[]> {
  const ends = commands.map((command) =>
    command.kind === 'settle'
      ? command
      : { ...noUsage, ...command, authorizedAt: instantOf(command.requestId) },
  );
  const values = [
    plainArray(ends.map(({ requestId }) => requestId)),
    plainArray(ends.map(({ organizationId }) => organizationId)),
    plainArray(ends.map(({ apiKeyId }) => apiKeyId)),
    plainArray(ends.map(({ userId }) => userId)),
    plainArray(ends.map(({ costCenterId }) => costCenterId)),
    plainArray(ends.map(({ applicationId }) => applicationId)),
    textArray(ends.map(({ model }) => model)),
    plainArray(ends.map(({ priceId }) => priceId)),
    plainArray(ends.map(({ channel }) => channel)),
    plainArray(ends.map(({ outcome }) => outcome)),
    plainArray(ends.map(({ amount }) => amount)),
    plainArray(ends.map(({ usage }) => usage.inputTokens)),
    plainArray(ends.map(({ usage }) => usage.cachedInputTokens)),
    plainArray(ends.map(({ usage }) => usage.cacheWriteTokens)),
    plainArray(ends.map(({ usage }) => usage.outputTokens)),
    plainArray(ends.map(({ usage }) => usage.reasoningTokens)),
    plainArray(ends.map(({ usage }) => usage.estimated)),
    instantArray(ends.map(({ authorizedAt }) => authorizedAt)),
    plainArray(ends.map(({ latencyMs }) => latencyMs)),
    plainArray(ends.map(({ firstTokenMs }) => firstTokenMs)),
    textArray(ends.map(({ tags }) => joinTags(tags))),
    detailsOf(ends),
    ...usedOf(ends),
    plainArray(positionsById(ends)),
    ...boundsOf(ends),
    now.wall.toISOString(),
    now.business.toISOString(),
  ];
  const { rows } = await pool.query({ ...settleMany, values });
  return toSettlements(commands.length, rows[0]);
}

/** Mostly no call of a batch has any: the array is empty then. */
function detailsOf(ends: readonly { usage: Usage; details?: CallDetails }[]): string {
  const details = ends.map(({ usage, details }) => writeDetails(usage, details));
  return details.every((one) => one === null) ? '{}' : textArray(details);
}

function toSettlements(count: number, row: Record<string, string | null>): EndAnswer[] {
  const answers = Array.from({ length: count }, unsettled);
  const at = (position: string | null) => answers[Number(position) - 1] as EndAnswer;

  const buckets = readArray(row.part_buckets as string);
  const amounts = readArray(row.part_amounts as string);
  for (const [index, position] of readArray(row.part_positions as string).entries()) {
    const id = buckets[index] as string;
    at(position).parts.push({ kind: kindOf(id), id, amount: BigInt(amounts[index] as string) });
  }
  const notes = readArray(row.notes as string);
  const noteAmounts = readArray(row.note_amounts as string);
  for (const [index, position] of readArray(row.note_positions as string).entries()) {
    const answer = at(position);
    const note = notes[index];
    if (note === 'shortfall') answer.shortfall = BigInt(noteAmounts[index] as string);
    if (note === 'late') answer.late = true;
    if (note === 'repeated') answer.repeated = true;
    if (note === 'request_closed') answer.closed = true;
    if (note === 'released') answer.released = true;
  }
  return answers;
}

function unsettled(): EndAnswer {
  return {
    parts: [],
    shortfall: 0n,
    late: false,
    repeated: false,
    closed: false,
    released: false,
  };
}

/** A bucket's id says what it is. */
function kindOf(bucketId: string): PaidPart['kind'] {
  if (bucketId.startsWith('alw_')) return 'allowance';
  return bucketId.startsWith('grt_') ? 'grant' : 'wallet';
}

/** The positions, counted from 1, in the order of the request ids. */
function positionsById(commands: readonly { requestId: string }[]): number[] {
  const idOf = (position: number) => commands[position - 1]?.requestId ?? '';
  return commands
    .map((_, index) => index + 1)
    .sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}

/** Smallest and largest request id, earliest and latest instant. */
function boundsOf(
  commands: readonly { requestId: string; authorizedAt: Date }[],
): [string, string, string, string] {
  let firstId = '~';
  let lastId = '';
  let earliest = Number.POSITIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  for (const { requestId, authorizedAt } of commands) {
    if (requestId < firstId) firstId = requestId;
    if (requestId > lastId) lastId = requestId;
    earliest = Math.min(earliest, authorizedAt.getTime());
    latest = Math.max(latest, authorizedAt.getTime());
  }
  return [firstId, lastId, new Date(earliest).toISOString(), new Date(latest).toISOString()];
}

const flushMessage = {
  name: 'access_flush',
  text: "select pg_logical_emit_message(false, 'sluice', '', true)",
};

/** Writes the log to disk up to now, without a transaction of its own. */
export async function flushLog(pool: Pool): Promise<void> {
  await pool.query(flushMessage);
}

/** Prolongs a hold; false when it is gone. One row a statement, so that no two can wait for each other. */
export async function prolongHold(
  executor: Executor,
  hold: { requestId: string; organizationId: string; expiresAt: Date },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update access_holds
    set expires_at = greatest(expires_at, ${hold.expiresAt})
    where request_id = ${hold.requestId}
      and organization_id = ${hold.organizationId}
  `.execute(executor);
  return numAffectedRows === 1n;
}

/** Gives back holds that expired; answers how many. */
export async function sweepExpired(
  executor: Executor,
  { wall, business }: Instants,
  limit: number,
): Promise<number> {
  const { rows } = await sql<{ swept: number }>`
    select ${storedFunction('access_sweep')}(${wall}, ${business}, ${limit}) as swept
  `.execute(executor);
  return rows[0]?.swept ?? 0;
}

/** What an error says of a batch. https://www.postgresql.org/docs/18/errcodes-appendix.html */
export function blameFor(error: unknown): 'connection' | 'lock' | 'call' {
  if (error instanceof TypeError || error instanceof RangeError) return 'call';
  if (!(error instanceof pg.DatabaseError)) return 'connection';
  const code = error.code ?? '';
  if (code.startsWith('08') || code.startsWith('57P') || code.startsWith('53')) return 'connection';
  // Lock timeout, deadlock, serialization failure.
  return ['55P03', '40P01', '40001'].includes(code) ? 'lock' : 'call';
}

/**
 * Forgets releases from before the instant, but for those of ids that applications may still name.
 * @scope job: forgets what is old, of every customer.
 */
export async function deleteClosedBefore(executor: Executor, before: Date): Promise<void> {
  await sql`
    delete from access_closed_requests c
    where closed_at < ${before}
      and not exists (
        select from access_requests r
        where r.request_id = c.request_id
      )
  `.execute(executor);
}
