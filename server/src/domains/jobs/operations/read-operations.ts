import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { nextRun } from '../core/next-run.ts';
import { presentOperation } from '../core/operation.ts';
import type { Job } from '../job.ts';
import { findOperation, listLatestOperations, listOperationRows } from '../operations-store.ts';
import type { Resumable } from '../resumable.ts';
import { listScheduleRows } from '../schedules-store.ts';

/** Operations, the newest first; or only those that are not done. */
export async function listOperations(
  context: Context,
  page: PageRequest & { open?: boolean | undefined },
  resumables: readonly Resumable[],
) {
  const now = context.clocks.wall();
  const before = readCursor(page, 'opn');
  const rows = await listOperationRows(context.database, {
    ...{ before, limit: page.limit + 1, isOpen: page.open },
  });
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    (row) => presentOperation(row, now, isResumable(row, resumables)),
  );
}

export type ShownOperation = ReturnType<typeof presentOperation>;

/** The latest of a kind by what they work on. */
export async function findOperationsOf(
  context: Context,
  of: { kind: string; keys: readonly string[] },
  resumables: readonly Resumable[],
): Promise<Map<string, ShownOperation>> {
  const now = context.clocks.wall();
  const rows = await listLatestOperations(context.database, of);
  return new Map(
    rows.map((row) => [row.key, presentOperation(row, now, isResumable(row, resumables))]),
  );
}

/** @throws Refusal `not_found`. */
export async function findOperationShown(
  context: Context,
  id: string,
  resumables: readonly Resumable[],
): Promise<ShownOperation> {
  const operation = await findOperation(context.database, id);
  if (!operation) throw notFound('operation');
  return presentOperation(operation, context.clocks.wall(), isResumable(operation, resumables));
}

export function isResumable({ kind }: { kind: string }, resumables: readonly Resumable[]): boolean {
  return resumables.some((one) => one.kind === kind);
}

/** Every schedule of this version, with how it last ran. */
export async function listSchedules(context: Context, jobs: readonly Job[]) {
  const now = context.clocks.wall();
  const rows = new Map((await listScheduleRows(context.database)).map((row) => [row.name, row]));
  const data = jobs.flatMap(({ name, cron }) => {
    if (cron === undefined) return [];
    const row = rows.get(name);
    return {
      ...{ id: name, cron },
      next_at: nextRun(cron, now)?.toISOString() ?? null,
      started_at: row?.startedAt.toISOString() ?? null,
      ended_at: row?.endedAt?.toISOString() ?? null,
      duration_ms: row?.durationMs ?? null,
      error: row?.error ?? null,
      failures: row?.failures ?? 0,
    };
  });
  return { data: data.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}
