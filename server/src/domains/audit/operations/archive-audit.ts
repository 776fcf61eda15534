/**
 * Moves whole months that are older than they are kept into files. The order is: write the file under a name of its own,
 * read it back, then in one transaction lock the month, compare, put the file in its place, note where the chains go on
 * and drop the partition. A process that ends before the commit leaves the month where it was, and at most a file that the
 * next run writes over; one that ends behind it has finished.
 */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { idAt } from '../../../platform/ids.ts';
import { startOfMonth } from '../../../platform/time.ts';
import {
  discardFile,
  placeFile,
  readLines,
  type WrittenFile,
  writeLines,
} from '../archive-files.ts';
import {
  dropMonth,
  fetchLeaving,
  findArchives,
  findMonths,
  insertArchive,
  lockArchives,
  lockMonth,
  openLeaving,
  type PersonKey,
  savePersonKeys,
  saveStarts,
  type Tally,
  tallyLeaving,
} from '../archive-store.ts';
import { auditMac } from '../audit-mac.ts';
import { archiveFile, type Manifest, sealManifest, startText } from '../core/archive.ts';
import { type ChainedEntry, deploymentChain, type Mac } from '../core/entry.ts';
import { entryOf } from '../core/exported.ts';
import type { Place } from '../core/verify-chain.ts';
import { createPartSealer } from '../person-keys.ts';
import { lockHeads } from '../store.ts';
import { recordAudit } from './record-audit.ts';

export interface ArchivedMonth {
  month: string;
  entries: number;
  file: string;
}

/** Fewer would take from operators what they look at day by day. */
export const retentionMonthsMin = 3;

/** Archives every month that ended so long ago, oldest first; answers those that it archived itself. */
export async function archiveAudit(
  context: Context,
  { retentionMonths }: { retentionMonths: number },
): Promise<ArchivedMonth[]> {
  invariant(retentionMonths >= retentionMonthsMin, 'at least three months stay in the database');
  const kept = startOfMonth(context.clocks.business(), 'UTC', -retentionMonths);
  const firstKept = kept.toISOString().slice(0, 7);
  const last = (await findArchives(context.database)).at(-1)?.month ?? '';
  // What came late into a month that was archived leaves with the next.
  const months = (await findMonths(context.database)).filter(
    (month) => month > last && month < firstKept,
  );
  const archived: ArchivedMonth[] = [];
  for (const month of months) {
    const result = await archiveMonth(context, month);
    // A later month before this one would leave a gap in every chain.
    if (!result) break;
    archived.push(result);
  }
  return archived;
}

/** Undefined where another process was first, or an entry was erased meanwhile: the next run takes it. */
async function archiveMonth(context: Context, month: string): Promise<ArchivedMonth | undefined> {
  const written = await writeMonth(context, month);
  try {
    await readBack(written);
    const isPlaced = await context.database
      .transaction()
      .execute((transaction) => finish(context, transaction, written));
    if (!isPlaced) return undefined;
  } finally {
    // In its place it has another name.
    await discardFile(written.file);
  }
  context.log.info(
    { month, entries: written.tally.entries },
    'a month of the audit log was archived',
  );
  return { month, entries: Number(written.tally.entries), file: archiveFile(month) };
}

interface WrittenMonth {
  month: string;
  /** The smallest id of the month behind it. */
  to: string;
  file: WrittenFile;
  tally: Tally;
  ends: Map<string, Place>;
  keys: PersonKey[];
}

/** In one snapshot, read by a cursor. */
async function writeMonth(context: Context, month: string): Promise<WrittenMonth> {
  const to = idAt('aud', startOfMonth(new Date(`${month}-15T00:00:00Z`), 'UTC', 1));
  return context.database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const sealer = createPartSealer(context, transaction, auditMac(context));
      const tally: Tally = { entries: 0n, origins: 0n, values: 0n };
      const ends = new Map<string, Place>();
      async function* lines() {
        await openLeaving(transaction, to);
        for (;;) {
          const batch = await fetchLeaving(transaction);
          if (batch.length === 0) return;
          for (const entry of batch) {
            count(tally, entry);
            ends.set(entry.chain, { position: entry.position, hash: entry.hash });
            yield `${await sealer.line(entry)}\n`;
          }
        }
      }
      const file = await writeLines(
        { directory: context.config.auditDir, month, now: context.clocks.wall() },
        lines(),
      );
      return { month, to, file, tally, ends, keys: sealer.used() };
    });
}

function count(tally: Tally, entry: ChainedEntry): void {
  tally.entries += 1n;
  if (entry.originSalt !== null) tally.origins += 1n;
  if (entry.valuesSalt !== null) tally.values += 1n;
}

/** What is about to be all that is left of the month must be readable, to its last line. */
async function readBack({ file, tally, ends }: WrittenMonth): Promise<void> {
  let lines = 0n;
  const last = new Map<string, string>();
  for await (const line of readLines(file.path)) {
    const entry = entryOf(line);
    invariant(entry, 'each line of an archive can be read back');
    lines += 1n;
    last.set(entry.chain, entry.hash);
  }
  const isWhole = lines === tally.entries && last.size === ends.size;
  invariant(isWhole, 'an archive has as many entries and chains as were written to it');
}

async function finish(
  context: Context,
  transaction: Transaction,
  { month, to, file, tally, ends, keys }: WrittenMonth,
): Promise<boolean> {
  const mac = auditMac(context);
  await lockArchives(transaction);
  const archives = await findArchives(transaction);
  if (archives.some((row) => row.month >= month)) return false;
  // Like every writer: first the head of the chain that will say so, then the tables.
  await lockHeads(transaction, [deploymentChain]);
  await lockMonth(transaction, month);
  if (!isSame(await tallyLeaving(transaction, to), tally)) return false;
  const manifest = manifestOf({ month, file, tally, ends }, archives.at(-1)?.hash ?? '', mac);
  await insertArchive(transaction, {
    month,
    manifest,
    hash: manifest.seal,
    at: context.clocks.wall(),
  });
  await saveStarts(
    transaction,
    [...ends].map(([chain, place]) => ({
      chain,
      ...place,
      seal: mac(startText({ chain, ...place })),
    })),
  );
  await savePersonKeys(transaction, keys);
  await dropMonth(transaction, { month, to });
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'audit.archive',
    resource: { kind: 'audit_archive', id: month },
    newValues: { entries: manifest.entries, chains: manifest.chains, sha256: manifest.sha256 },
  });
  await placeFile(context.config.auditDir, file, manifest);
  return true;
}

function isSame(a: Tally, b: Tally): boolean {
  return a.entries === b.entries && a.origins === b.origins && a.values === b.values;
}

function manifestOf(
  { month, file, tally, ends }: Pick<WrittenMonth, 'month' | 'file' | 'tally' | 'ends'>,
  previous: string,
  mac: Mac,
): Manifest {
  return sealManifest(
    {
      version: 1,
      month,
      file: archiveFile(month),
      bytes: file.bytes,
      sha256: file.sha256,
      entries: Number(tally.entries),
      chains: ends.size,
      previous,
    },
    mac,
  );
}
