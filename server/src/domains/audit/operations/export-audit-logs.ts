/**
 * The log as a file, a batch at a time: the next one is read when the last was sent. No snapshot is held meanwhile, for a
 * slow reader would hold it for hours: what is written meanwhile is not in the file, or is behind its end.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { findStart } from '../archive-store.ts';
import { auditMac } from '../audit-mac.ts';
import type { ChainedEntry } from '../core/entry.ts';
import { entriesHeader, entryLine } from '../core/entry-line.ts';
import { exported } from '../core/exported.ts';
import type { AuditQuestion } from '../core/facets.ts';
import { createExportSeal, endLine, headLine, startLine } from '../core/verify-export.ts';
import type { People } from '../people.ts';
import { findEntries } from '../search-store.ts';
import { findChains, findEntriesAfter, findHead } from '../store.ts';
import { withActorId } from './list-audit-logs.ts';
import { recordAudit } from './record-audit.ts';

export interface AuditExport {
  question: AuditQuestion;
  format: 'csv' | 'jsonl';
  /** Whose log it is taken from; undefined: the deployment's. */
  organizationId: string | undefined;
}

/** Entries in memory at once. */
const batchSize = 200;
const chainsBatchMax = 200;

export async function exportAuditLogs(
  context: Context,
  people: People,
  { question, format, organizationId }: AuditExport,
): Promise<AsyncIterable<string>> {
  const { organizationId: _scope, ...filters } = question;
  const asked = Object.entries(filters).filter(([, value]) => value !== undefined);
  await inTransaction(context, (transaction) =>
    recordAudit(context, transaction, {
      organizationId: organizationId ?? null,
      action: 'audit.export',
      resource: { kind: 'audit_log', id: question.organizationId ?? 'deployment' },
      newValues: { format, ...Object.fromEntries(asked) },
    }),
  );
  const resolved = await withActorId(context.database, people, question, organizationId);
  const reading = { ...context, database: await context.replica.choose() };
  if (format === 'csv') return csvOf(reading, resolved);
  return asked.length === 0
    ? wholeChains(reading, question.organizationId)
    : filtered(reading, resolved);
}

async function* csvOf(context: Context, question: AuditQuestion): AsyncGenerator<string> {
  yield entriesHeader;
  for await (const batch of pages(context, question)) yield batch.map(entryLine).join('');
}

async function* filtered(context: Context, question: AuditQuestion): AsyncGenerator<string> {
  const seal = createExportSeal(false, auditMac(context));
  for await (const batch of pages(context, question)) {
    for (const entry of batch) seal.add(entry);
    yield linesOf(batch);
  }
  yield `${endLine(seal.end())}\n`;
}

/** Newest first. */
async function* pages(context: Context, question: AuditQuestion): AsyncGenerator<ChainedEntry[]> {
  let before: string | undefined;
  for (;;) {
    const batch = await findEntries(context.database, {
      ...question,
      before,
      limit: batchSize,
      now: context.clocks.business(),
    });
    if (batch.length > 0) yield batch;
    before = batch.at(-1)?.id;
    if (batch.length < batchSize) return;
  }
}

async function* wholeChains(context: Context, only: string | undefined): AsyncGenerator<string> {
  const seal = createExportSeal(true, auditMac(context));
  for await (const chain of chainsOf(context.database, only)) {
    for await (const batch of chainLines(context.database, chain, seal)) yield batch;
  }
  yield `${endLine(seal.end())}\n`;
}

async function* chainsOf(executor: Executor, only: string | undefined): AsyncGenerator<string> {
  if (only !== undefined) {
    yield only;
    return;
  }
  let after = '';
  for (;;) {
    const batch = await findChains(executor, after, chainsBatchMax);
    yield* batch;
    after = batch.at(-1) ?? after;
    if (batch.length < chainsBatchMax) return;
  }
}

/** From its beginning, or from behind its archive, to the head as it was when the chain's turn came. */
async function* chainLines(
  executor: Executor,
  chain: string,
  seal: { add(entry: ChainedEntry): void },
): AsyncGenerator<string> {
  const head = await findHead(executor, chain);
  if (!head) return;
  const start = await findStart(executor, chain);
  if (start) yield `${startLine(start)}\n`;
  let position = start?.position ?? 0n;
  while (position < head.entries) {
    const next = await findEntriesAfter(executor, { chain, position, limit: batchSize });
    const batch = next.filter((entry) => entry.position <= head.entries);
    for (const entry of batch) seal.add(entry);
    if (batch.length > 0) yield linesOf(batch);
    position = batch.at(-1)?.position ?? head.entries;
  }
  yield `${headLine(head)}\n`;
}

function linesOf(batch: readonly ChainedEntry[]): string {
  return batch.map((entry) => `${JSON.stringify(exported(entry))}\n`).join('');
}
