/** SQL of operations that take long. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Operation, OperationState } from './core/operation.ts';

const columns = sql`
  id, kind, key, title, actor_kind as "actorKind", actor_id as "actorId", state, stage, done, total,
  paced_from as "pacedFrom", paced_done as "pacedDone", runs, input, error, claim, heartbeat_at as "heartbeatAt",
  started_at as "startedAt", ended_at as "endedAt"
`;

/** The one that is not done; its row is locked. */
export async function lockOpenOperation(
  transaction: Transaction,
  { kind, key }: { kind: string; key: string },
): Promise<Operation | undefined> {
  const { rows } = await sql<Operation>`
    select ${columns}
    from jobs_operations
    where kind = ${kind} and key = ${key} and state <> 'done'
    for update
  `.execute(transaction);
  return rows[0];
}

export async function lockOperation(
  transaction: Transaction,
  id: string,
): Promise<Operation | undefined> {
  const { rows } = await sql<Operation>`
    select ${columns}
    from jobs_operations
    where id = ${id}
    for update
  `.execute(transaction);
  return rows[0];
}

export async function findOperation(
  executor: Executor,
  id: string,
): Promise<Operation | undefined> {
  const { rows } = await sql<Operation>`
    select ${columns}
    from jobs_operations
    where id = ${id}
  `.execute(executor);
  return rows[0];
}

/** Answers false where somebody else began the same at the same moment. */
export async function insertOperation(
  transaction: Transaction,
  operation: Operation,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into jobs_operations
      (id, kind, key, title, actor_kind, actor_id, state, stage, done, total, paced_from, paced_done, runs, input, error,
       claim, heartbeat_at, started_at, ended_at)
    values
      (${operation.id}, ${operation.kind}, ${operation.key}, ${operation.title}, ${operation.actorKind},
       ${operation.actorId}, ${operation.state}, ${operation.stage}, ${operation.done}, ${operation.total},
       ${operation.pacedFrom}, ${operation.pacedDone}, ${operation.runs}, ${jsonOf(operation.input)}::jsonb,
       ${operation.error}, ${operation.claim}, ${operation.heartbeatAt}, ${operation.startedAt}, ${operation.endedAt})
    on conflict (kind, key) where state <> 'done' do nothing
  `.execute(transaction);
  return numAffectedRows === 1n;
}

/** Under its lock. */
export async function saveOperation(transaction: Transaction, operation: Operation): Promise<void> {
  await sql`
    update jobs_operations
    set state = ${operation.state}, stage = ${operation.stage}, done = ${operation.done}, total = ${operation.total},
      paced_from = ${operation.pacedFrom}, paced_done = ${operation.pacedDone}, runs = ${operation.runs},
      input = ${jsonOf(operation.input)}::jsonb, error = ${operation.error}, claim = ${operation.claim},
      heartbeat_at = ${operation.heartbeatAt}, ended_at = ${operation.endedAt}
    where id = ${operation.id}
  `.execute(transaction);
}

/** What its run tells; answers the state, or undefined where another run has it. */
export async function saveProgress(
  executor: Executor,
  operation: Operation,
): Promise<OperationState | undefined> {
  const { rows } = await sql<{ state: OperationState }>`
    update jobs_operations
    set stage = ${operation.stage}, done = ${operation.done}, total = ${operation.total},
      paced_from = ${operation.pacedFrom}, paced_done = ${operation.pacedDone}, heartbeat_at = ${operation.heartbeatAt}
    where id = ${operation.id} and claim = ${operation.claim} and state in ('running', 'stopping')
    returning state
  `.execute(executor);
  return rows[0]?.state;
}

/** Nothing but that its run is alive. */
export async function saveHeartbeat(
  executor: Executor,
  { id, claim, at }: { id: string; claim: string; at: Date },
): Promise<OperationState | undefined> {
  const { rows } = await sql<{ state: OperationState }>`
    update jobs_operations
    set heartbeat_at = ${at}
    where id = ${id} and claim = ${claim} and state in ('running', 'stopping')
    returning state
  `.execute(executor);
  return rows[0]?.state;
}

/** Nothing where another run has it. */
export async function saveEnd(
  executor: Executor,
  ended: { id: string; claim: string; state: OperationState; error: string | null; at: Date },
): Promise<void> {
  await sql`
    update jobs_operations
    set state = ${ended.state}, error = ${ended.error}, heartbeat_at = ${ended.at}, ended_at = ${ended.at}
    where id = ${ended.id} and claim = ${ended.claim} and state in ('running', 'stopping')
  `.execute(executor);
}

/** Done, unless a run has taken it since: its claim is another then. */
export async function endUntouched(
  executor: Executor,
  { id, claim, at }: { id: string; claim: string; at: Date },
): Promise<void> {
  await sql`
    update jobs_operations
    set state = 'done', error = null, ended_at = ${at}
    where id = ${id} and claim = ${claim} and state in ('running', 'resuming')
  `.execute(executor);
}

/** The newest first. */
export async function listOperationRows(
  executor: Executor,
  page: { before?: string | undefined; limit: number; isOpen?: boolean | undefined },
): Promise<Operation[]> {
  const { before = null, isOpen = false } = page;
  const { rows } = await sql<Operation>`
    select ${columns}
    from jobs_operations
    where (${before}::text is null or id < ${before})
      and (not ${isOpen}::boolean or state <> 'done')
    order by id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** Of each key that there was one of, the latest. */
export async function listLatestOperations(
  executor: Executor,
  { kind, keys }: { kind: string; keys: readonly string[] },
): Promise<Operation[]> {
  const { rows } = await sql<Operation>`
    select distinct on (key) ${columns}
    from jobs_operations
    where kind = ${kind} and key = any(${[...keys]}::text[])
    order by key, id desc
  `.execute(executor);
  return rows;
}

/** Whether an operator stopped one of the kind, and nobody took it up. */
export async function hasStoppedOperation(executor: Executor, kind: string): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`
    select 1 as one
    from jobs_operations
    where kind = ${kind} and state in ('stopping', 'stopped')
    limit 1
  `.execute(executor);
  return rows.length > 0;
}

/** Of a kind, those whose process is gone, the oldest first. */
export async function listGoneOperations(
  executor: Executor,
  { kind, since, limit }: { kind: string; since: Date; limit: number },
): Promise<Operation[]> {
  const { rows } = await sql<Operation>`
    select ${columns}
    from jobs_operations
    where kind = ${kind} and state in ('running', 'resuming') and heartbeat_at <= ${since}
    order by id
    limit ${limit}
  `.execute(executor);
  return rows;
}

export async function forgetOperations(executor: Executor, before: Date): Promise<void> {
  await sql`
    delete from jobs_operations
    where state in ('done', 'failed') and ended_at < ${before}
  `.execute(executor);
}

function jsonOf(input: unknown): string | null {
  return input === null || input === undefined ? null : JSON.stringify(input);
}
