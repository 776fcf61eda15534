/**
 * A file of calls is made part by part, each with its place in the file in one statement: a process that dies leaves whole
 * parts, and the next goes on behind them. Of two that are at it, the second finds its part written and leaves off.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from '../../../platform/context.ts';
import { csvLine } from '../../../platform/csv.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  findOperationsOf,
  type Resumable,
  type RunningOperation,
  runOperation,
  takeUpGone,
} from '../../jobs/index.ts';
import { jsonLineOf, operatorColumns, operatorCsvLine } from '../core/receipt-line.ts';
import {
  addPart,
  type CallExport,
  findExport,
  finishExport,
  listUnbegunExports,
} from '../exports-store.ts';
import { presentToOperator } from '../present-receipt.ts';
import { listReceiptPage, type ReceiptRecord } from './read-receipts.ts';
import { sumUsage } from './sum-usage.ts';

export const exportKind = 'metering.call_export';
/** A model that is called rarely is looked for among so many calls before somebody may stop it. */
const usualSteps = { callsPerPart: 2_000, callsPerLook: 100_000 };
type Steps = typeof usualSteps;
/** Compressed; some ten million calls. */
const bytesMax = 2_000_000_000n;
/** Whoever was asked to begin at once has had the time. */
const beginsWithinMs = 60_000;

const compress = promisify(gzip);

export const callExports: Resumable = {
  kind: exportKind,
  resume: (context, { key }) => makeExport(context, key),
};

/** Takes up files whose process died, and begins those that nobody began. */
export async function makeLeftExports(context: Context): Promise<void> {
  await takeUpGone(context, callExports);
  const since = new Date(context.clocks.wall().getTime() - beginsWithinMs);
  const keys = await listUnbegunExports(context.database, since);
  const begun = await findOperationsOf(context, { kind: exportKind, keys }, []);
  for (const id of keys.filter((key) => !begun.has(key))) await beginExport(context, id);
}

/** How it ends is told by its operation. */
export async function beginExport(context: Context, id: string): Promise<void> {
  try {
    await makeExport(context, id);
  } catch (error) {
    // Whoever was quicker has it.
    if (error instanceof Refusal && error.code === 'conflict') return;
    context.log.error({ err: error, export: id }, 'a file of calls could not be made');
  }
}

/**
 * Makes what is missing of a file; nothing, where it is finished or was removed.
 * @throws Refusal `conflict` while another process is at it, `rule_violated` for a file that would grow too large.
 */
export async function makeExport(
  context: Context,
  id: string,
  steps: Steps = usualSteps,
): Promise<void> {
  const file = await findExport(context.database, id);
  if (!file || file.finishedAt) return;
  const begun = {
    ...{ kind: exportKind, key: id, title: titleOf(file), input: {} },
    goesOn: true,
  };
  const actor = { ...context.actor, kind: 'user', id: file.createdBy } as const;
  await runOperation({ ...context, actor }, begun, (operation) =>
    addParts(context, file, { operation, steps }),
  );
}

function titleOf({ from, to, model, organizationId }: CallExport): string {
  const span = `${from.toISOString().slice(0, 16)}Z – ${to.toISOString().slice(0, 16)}Z`;
  return [span, organizationId, model].filter(Boolean).join(', ');
}

async function addParts(
  context: Context,
  wanted: CallExport,
  { operation, steps }: { operation: RunningOperation; steps: Steps },
): Promise<void> {
  const { database, clocks } = context;
  const total = await countCalls(context, wanted);
  for (;;) {
    const file = await findExport(database, wanted.id);
    if (!file || file.finishedAt || operation.isStopping) return;
    if (file.bytes > bytesMax) {
      throw new Refusal('rule_violated', 'The file grows too large: take a shorter time.');
    }
    const { records, isEnd } = await readOn(context, file, { operation, steps });
    if (records.length > 0 && !(await write(context, file, records))) return;
    const done = Number(file.calls) + records.length;
    if (isEnd) {
      await finishExport(database, file.id, clocks.wall());
      await operation.advance({ done, total: done });
      return;
    }
    await operation.advance({ done, total: Math.max(total, done) });
  }
}

/** By the sums of hours: good enough to tell how long it takes. */
async function countCalls(context: Context, file: CallExport): Promise<number> {
  const sums = await sumUsage(context.database, {
    ...{ from: file.from, to: file.to, interval: 'all', timeZone: 'UTC', groups: [] },
    organizationId: file.organizationId ?? undefined,
    model: file.model ?? undefined,
  });
  return Number(sums.reduce((count, { calls }) => count + calls, 0n));
}

/** As many as make a part; fewer at the end, or where somebody asks it to stop. */
async function readOn(
  { replica }: Context,
  { from, to, organizationId, model, lastRequestId }: CallExport,
  { operation, steps }: { operation: RunningOperation; steps: Steps },
): Promise<{ records: ReceiptRecord[]; isEnd: boolean }> {
  const records: ReceiptRecord[] = [];
  let before = lastRequestId ?? undefined;
  do {
    const limit = steps.callsPerPart - records.length;
    const filter = { from, to, before, limit, organizationId: organizationId ?? undefined };
    const page = await listReceiptPage(
      await replica.choose(),
      { ...filter, model: model ?? undefined },
      { calls: steps.callsPerLook, looks: 1 },
    );
    records.push(...page.records);
    before = page.resumeBefore;
  } while (before !== undefined && !operation.isStopping);
  return { records, isEnd: before === undefined && records.length < steps.callsPerPart };
}

/** So that a spreadsheet reads the text as UTF-8. */
const byteOrderMark = '\ufeff';

async function write(
  { database }: Context,
  { id, format, parts }: CallExport,
  records: readonly ReceiptRecord[],
): Promise<boolean> {
  const isCsv = format === 'csv';
  const heading = isCsv && parts === 0 ? byteOrderMark + csvLine(operatorColumns) : '';
  const lineOf = isCsv ? operatorCsvLine : jsonLineOf;
  const text = heading + records.map((record) => lineOf(presentToOperator(record))).join('');
  const lastRequestId = records.at(-1)?.usage.request_id ?? '';
  return addPart(database, {
    ...{ exportId: id, position: parts, calls: records.length, lastRequestId },
    content: await compress(text),
  });
}
