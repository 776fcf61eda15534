/**
 * Writes down everything the database changes, as it changes it. A replication slot makes the database keep what we have
 * not got yet, and a lock lets one process at a time write: the others stand by, and take over when it ends.
 */
import { backupSlot } from '../../platform/database/backup-slot.ts';
import { type Lsn, segmentAt } from '../../platform/database/lsn.ts';
import type { Heard, ReplicationClient, Source } from '../../platform/database/replication.ts';
import { claimFolder } from './backup-folder.ts';
import { beginAnew, openWalWriter, readReach, resumeWal, writeReach } from './wal-archive.ts';

/** Its database no longer has the changes that come next, so that there is a gap: the next copy begins anew. */
const alreadyRemoved = '58P01';

const confirmEveryMs = 2000;
/** Every confirmation is answered: after so long without a word the connection is dead. */
const silenceMaxMs = 60_000;
/** Held by whoever writes the files: an arbitrary number that nothing else locks. */
const writerLock = 730_211_947;
/** Commits that were flushed while the database stamped its message may be behind it. */
const stampSlackMs = 1000;

/** Another process keeps the backups of this database: we stand by. */
export class KeptElsewhere extends Error {}

export interface Receiving {
  folder: string;
  signal: AbortSignal;
  /** Told once the stream has begun; behind `first` nothing is missing. */
  onBegun(source: Source, first: Lsn): void;
}

/**
 * Resolves when `signal` says so; rejects when the connection breaks.
 * @throws KeptElsewhere
 */
export async function receiveChanges(
  client: ReplicationClient,
  { folder, signal, onBegun }: Receiving,
): Promise<void> {
  if (!(await client.tryLock(writerLock))) throw new KeptElsewhere();
  const source = await client.identify();
  await claimFolder(folder, source.systemId);
  await client.makeSlot(backupSlot);
  const { timeline, segmentBytes } = source;
  const line = { folder, timeline, segmentBytes };
  const resumed = await resumeWal(line);
  const here = segmentAt(source.position, segmentBytes) * segmentBytes;
  const known = await readReach(folder, timeline);
  const from = resumed ?? here;
  const first = known && resumed !== undefined && from <= known.position ? known.from : from;
  const stop = () => void client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await follow({ client, from, first, line, onBegun: () => onBegun(source, first) });
  } catch (error) {
    if (signal.aborted) return;
    if ((error as { code?: string }).code === alreadyRemoved) await forget(client, folder, source);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Following {
  client: ReplicationClient;
  from: Lsn;
  /** The first change behind which nothing is missing. */
  first: Lsn;
  line: { folder: string; timeline: number; segmentBytes: bigint };
  onBegun(): void;
}

async function follow({ client, from, first, line, onBegun }: Following): Promise<void> {
  const { folder, timeline } = line;
  const stream = client.stream({ slot: backupSlot, from, timeline });
  const writer = openWalWriter(line, from);
  let position = from;
  let complete: Date | undefined;
  let confirming: Promise<void> = Promise.resolve();
  let failure: unknown;

  async function note(): Promise<Lsn> {
    const at = complete;
    const flushed = await writer.flush();
    if (at !== undefined)
      await writeReach(folder, { timeline, from: first, position: flushed, at });
    return flushed;
  }
  let heardAtMs = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heardAtMs > silenceMaxMs) void client.close();
    confirming = confirming
      .then(note)
      .then(stream.confirm)
      .catch((error) => {
        failure = error;
      });
  }, confirmEveryMs);
  let hasBegun = false;
  try {
    for await (const { data, end, at } of stream.hear() as AsyncIterable<Heard>) {
      if (failure !== undefined) throw failure;
      heardAtMs = performance.now();
      if (!hasBegun) onBegun();
      hasBegun = true;
      if (data) {
        await writer.write(data.start, data.bytes);
        position = data.start + BigInt(data.bytes.length);
      }
      if (position >= end) complete = new Date(at.getTime() - stampSlackMs);
    }
  } finally {
    clearInterval(timer);
    await confirming;
    await note();
    await writer.close();
  }
}

/** The line is broken here: the slot begins anew at the present, and so do the files behind the gap. */
async function forget(client: ReplicationClient, folder: string, source: Source): Promise<void> {
  await beginAnew({ folder, ...source }, source.position);
  await client.dropSlot(backupSlot);
}
