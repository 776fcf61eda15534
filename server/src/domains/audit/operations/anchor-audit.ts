/**
 * Notes the heads of all chains: in a table of its own, and as a line in a file outside of the database. A chain that is
 * removed with its head, or a database that is put back to an older copy, does not fit the file any more.
 */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import {
  findAnchorsAfter,
  findGrownHeads,
  findLastAnchor,
  insertAnchor,
  lockAnchors,
  sumHeads,
} from '../anchors-store.ts';
import { auditMac } from '../audit-mac.ts';
import {
  type Anchor,
  anchorFile,
  anchorLine,
  anchorOf,
  merkleRoot,
  sealAnchor,
} from '../core/anchor.ts';

/** The newest anchor; a new one if any chain has grown since the last. Undefined while there is nothing to note. */
export async function anchorAudit(context: Context): Promise<Anchor | undefined> {
  const anchor = await context.database.transaction().execute(async (transaction) => {
    await lockAnchors(transaction);
    return (await addAnchor(context, transaction)) ?? findLastAnchor(transaction);
  });
  await writeMissing(context);
  return anchor;
}

async function addAnchor(context: Context, transaction: Transaction): Promise<Anchor | undefined> {
  const heads = await findGrownHeads(transaction);
  if (heads.length === 0) return undefined;
  const last = await findLastAnchor(transaction);
  const anchor = sealAnchor(
    {
      number: (last?.number ?? 0n) + 1n,
      at: context.clocks.wall(),
      ...(await sumHeads(transaction)),
      root: merkleRoot(heads),
      previous: last?.seal ?? '',
    },
    auditMac(context),
  );
  await insertAnchor(transaction, anchor, heads);
  return anchor;
}

const batchSize = 500;

/**
 * Behind the commit, so that the file never has an anchor that the database lacks; what a process that ended in between
 * left out is written now. Under the lock, or two processes would write the same line.
 */
async function writeMissing(context: Context): Promise<void> {
  await context.database.transaction().execute(async (transaction) => {
    await lockAnchors(transaction);
    const { auditDir } = context.config;
    await mkdir(auditDir, { recursive: true, mode: 0o700 });
    const file = await open(join(auditDir, anchorFile), 'a+', 0o600);
    try {
      let last = await endOf(file);
      for (;;) {
        const batch = await findAnchorsAfter(transaction, last, batchSize);
        for (const anchor of batch) await file.appendFile(`${anchorLine(anchor)}\n`);
        last = batch.at(-1)?.number ?? last;
        if (batch.length < batchSize) break;
      }
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** Longer than the longest line. */
const tailBytes = 4096;

/** The number in the last whole line; what was torn behind it is cut off. */
async function endOf(file: Awaited<ReturnType<typeof open>>): Promise<bigint> {
  const { size } = await file.stat();
  const from = Math.max(size - tailBytes, 0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, from);
  const tail = buffer.subarray(0, bytesRead);
  const end = tail.lastIndexOf('\n') + 1;
  if (end < tail.length) await file.truncate(from + end);
  const lines = tail.subarray(0, end).toString('utf8').trimEnd().split('\n');
  return anchorOf(lines.at(-1) ?? '')?.number ?? 0n;
}
