import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { csvLine } from '../../../platform/csv.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { enqueueJob, findOperationsOf, type ShownOperation } from '../../jobs/index.ts';
import { operatorColumns } from '../core/receipt-line.ts';
import {
  type CallExport,
  countExports,
  deleteExport,
  findExport,
  findPart,
  insertExport,
  listExports,
} from '../exports-store.ts';
import { callExports, exportKind } from './make-export.ts';

export const makeJobName = 'metering.make_call_export';
export const exportsKeptMs = 7 * 86_400_000;
/** Kept at once. */
const exportsMax = 50;

const decompress = promisify(gunzip);

export interface WantedExport {
  from: string;
  to: string;
  organization?: string | undefined;
  model?: string | undefined;
  format: 'csv' | 'jsonl';
}

/** @throws Refusal `rule_violated` for a time that is not over, `conflict` where too many files are kept. */
export async function createExport(context: Context, wanted: WantedExport) {
  const now = context.clocks.business();
  const [from, to] = [new Date(wanted.from), new Date(wanted.to)];
  if (from >= to || to > now) {
    const sentence = 'Give a time that is over, and ends after it begins.';
    throw new Refusal('rule_violated', sentence, { param: 'to' });
  }
  const createdAt = context.clocks.wall();
  const file: CallExport = {
    ...{ id: newId('exp', createdAt), from, to, format: wanted.format },
    ...{ organizationId: wanted.organization ?? null, model: wanted.model ?? null },
    ...{ parts: 0, calls: 0n, bytes: 0n, lastRequestId: null },
    ...{ createdBy: context.actor.id ?? 'system', createdAt, finishedAt: null },
  };
  await inTransaction(context, async (transaction) => {
    if ((await countExports(transaction)) >= exportsMax) {
      const sentence = `${exportsMax} files are kept already: remove one that is no longer needed.`;
      throw new Refusal('conflict', sentence);
    }
    await insertExport(transaction, file);
    await enqueueJob(transaction, makeJobName, { id: file.id }, { attemptsMax: 1 });
    await record(context, transaction, file, 'call_export.create');
  });
  return present(file, undefined);
}

export async function listCallExports(context: Context, page: PageRequest) {
  const before = readCursor(page, 'exp');
  const files = await listExports(context.database, { before, limit: page.limit + 1 });
  const keys = files.map(({ id }) => id);
  const operations = await findOperationsOf(context, { kind: exportKind, keys }, [callExports]);
  return pageOf(
    files,
    page,
    ({ id }) => id,
    (file) => present(file, operations.get(file.id)),
  );
}

/**
 * The finished file, a part at a time: the next one is read when the last was sent.
 * @throws Refusal `not_found`, or `invalid_state` where it is not finished.
 */
export async function readExport(
  context: Context,
  id: string,
): Promise<{ file: CallExport; chunks: AsyncIterable<Buffer | string> }> {
  const file = await findExport(context.database, id);
  if (!file) throw notFound('call export');
  if (!file.finishedAt) {
    throw new Refusal('invalid_state', 'The file is not finished yet: see how far it has come.');
  }
  return { file, chunks: partsOf(context, file) };
}

async function* partsOf(context: Context, file: CallExport): AsyncGenerator<Buffer | string> {
  // A time without calls is a file with its heading.
  if (file.parts === 0 && file.format === 'csv') yield `\ufeff${csvLine(operatorColumns)}`;
  for (let position = 0; position < file.parts; position += 1) {
    const part = await findPart(context.database, { exportId: file.id, position });
    // Removed meanwhile: a file that ends early would look like a whole one.
    if (!part) throw notFound('call export');
    yield await decompress(part);
  }
}

/** @throws Refusal `not_found`. */
export async function removeExport(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const file = await findExport(transaction, id);
    if (!file || !(await deleteExport(transaction, id))) throw notFound('call export');
    await record(context, transaction, file, 'call_export.delete');
  });
}

function record(
  context: Context,
  transaction: Parameters<typeof recordAudit>[1],
  { id, from, to, organizationId, model, format }: CallExport,
  action: 'call_export.create' | 'call_export.delete',
) {
  return recordAudit(context, transaction, {
    organizationId: null,
    action,
    resource: { kind: 'call_export', id },
    newValues: {
      ...{ from: from.toISOString(), to: to.toISOString(), format },
      ...{ organization: organizationId, model },
    },
  });
}

function present(file: CallExport, operation: ShownOperation | undefined) {
  return {
    ...{ id: file.id, from: file.from.toISOString(), to: file.to.toISOString() },
    ...{ organization: file.organizationId, model: file.model, format: file.format },
    ...{ calls: Number(file.calls), bytes: Number(file.bytes), ready: file.finishedAt !== null },
    operation: operation ?? null,
    created_at: file.createdAt.toISOString(),
    removed_at: new Date(file.createdAt.getTime() + exportsKeptMs).toISOString(),
  };
}
