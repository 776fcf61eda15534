/** SQL of files of calls. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface CallExport {
  id: string;
  from: Date;
  to: Date;
  organizationId: string | null;
  model: string | null;
  format: 'csv' | 'jsonl';
  parts: number;
  calls: bigint;
  bytes: bigint;
  lastRequestId: string | null;
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
}

const columns = sql`
  id, from_at as "from", to_at as "to", organization_id as "organizationId", model, format, parts, calls, bytes,
  last_request_id as "lastRequestId", created_by as "createdBy", created_at as "createdAt", finished_at as "finishedAt"
`;

/** @scope deployment: operators’ files are of all customers, or of one that they name. */
export async function insertExport(transaction: Transaction, row: CallExport): Promise<void> {
  await sql`
    insert into metering_call_exports (id, from_at, to_at, organization_id, model, format, created_by, created_at)
    values (
      ${row.id}, ${row.from}, ${row.to}, ${row.organizationId}, ${row.model}, ${row.format}, ${row.createdBy},
      ${row.createdAt}
    )
  `.execute(transaction);
}

/** @scope deployment: see above. */
export async function findExport(executor: Executor, id: string): Promise<CallExport | undefined> {
  const { rows } = await sql<CallExport>`
    select ${columns} from metering_call_exports where id = ${id}
  `.execute(executor);
  return rows[0];
}

/**
 * The newest first.
 * @scope deployment: see above.
 */
export async function listExports(
  executor: Executor,
  { before = null, limit }: { before?: string | null | undefined; limit: number },
): Promise<CallExport[]> {
  const { rows } = await sql<CallExport>`
    select ${columns}
    from metering_call_exports
    where ${before}::text is null or id < ${before}
    order by id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** @scope deployment: see above. */
export async function countExports(executor: Executor): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from metering_call_exports
  `.execute(executor);
  return Number(rows[0]?.count ?? 0n);
}

/**
 * Those that nobody has begun.
 * @scope job: of every customer.
 */
export async function listUnbegunExports(
  executor: Executor,
  createdBefore: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
    from metering_call_exports
    where parts = 0 and finished_at is null and created_at < ${createdBefore}
    order by id
  `.execute(executor);
  return rows.map(({ id }) => id);
}

export interface ExportPart {
  exportId: string;
  /** From 0. */
  position: number;
  content: Buffer;
  calls: number;
  lastRequestId: string;
}

/**
 * Answers false where it is there already, or the file is gone: somebody else is at it.
 * @scope job: an export is of any customer.
 */
export async function addPart(executor: Executor, part: ExportPart): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with counted as (
      update metering_call_exports
      set parts = parts + 1, calls = calls + ${part.calls}, bytes = bytes + ${part.content.length},
        last_request_id = ${part.lastRequestId}
      where id = ${part.exportId} and parts = ${part.position} and finished_at is null
      returning id
    )
    insert into metering_call_export_parts (export_id, position, content)
    select id, ${part.position}, ${part.content} from counted
  `.execute(executor);
  return numAffectedRows === 1n;
}

/** @scope job: an export is of any customer. */
export async function finishExport(executor: Executor, id: string, at: Date): Promise<void> {
  await sql`
    update metering_call_exports set finished_at = ${at} where id = ${id} and finished_at is null
  `.execute(executor);
}

/** @scope deployment: see above. */
export async function findPart(
  executor: Executor,
  { exportId, position }: { exportId: string; position: number },
): Promise<Buffer | undefined> {
  const { rows } = await sql<{ content: Buffer }>`
    select content from metering_call_export_parts where export_id = ${exportId} and position = ${position}
  `.execute(executor);
  return rows[0]?.content;
}

/** @scope deployment: see above. */
export async function deleteExport(transaction: Transaction, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from metering_call_exports where id = ${id}
  `.execute(transaction);
  return numAffectedRows === 1n;
}

/** @scope job: of every customer. */
export async function deleteOldExports(executor: Executor, before: Date): Promise<void> {
  await sql`
    delete from metering_call_exports where created_at < ${before}
  `.execute(executor);
}
