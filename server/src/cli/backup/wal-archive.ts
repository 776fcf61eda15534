/**
 * The files of changes. One is being written (`….partial`); behind it lie whole ones, packed when there is time. A file
 * has its name only when it is whole and safe on the disk, so that a crash at any point leaves nothing to be guessed.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { type Lsn, parseSegmentName, segmentAt, segmentName } from '../../platform/database/lsn.ts';
import { invariant } from '../../platform/errors.ts';
import { type Manifest, paths } from './backup-folder.ts';
import { ifMissing, namesIn, putInPlace, readIfThere, unfinished, writeWhole } from './durable.ts';

const partial = '.partial';
const packed = '.gz';

const Reach = z.object({
  timeline: z.number().int(),
  /** The first change that is there without a gap behind it. */
  from: z.string(),
  position: z.string(),
  at: z.iso.datetime(),
});

/** Everything that was committed before `at` is in the files, up to `position`. */
export interface Reach {
  timeline: number;
  from: Lsn;
  position: Lsn;
  at: Date;
}

export async function readReach(folder: string, timeline: number): Promise<Reach | undefined> {
  const text = await readIfThere(reachFile(folder, timeline));
  if (text === undefined) return undefined;
  const { from, position, at } = Reach.parse(JSON.parse(text));
  return { timeline, from: BigInt(from), position: BigInt(position), at: new Date(at) };
}

export async function writeReach(folder: string, reach: Reach): Promise<void> {
  const { timeline, from, position, at } = reach;
  const plain = { timeline, from: `${from}`, position: `${position}`, at: at.toISOString() };
  await writeWhole(reachFile(folder, timeline), `${JSON.stringify(plain)}\n`);
}

function reachFile(folder: string, timeline: number): string {
  return join(
    paths(folder).wal,
    `reach-${timeline.toString(16).toUpperCase().padStart(8, '0')}.json`,
  );
}

export interface WalWriter {
  write(start: Lsn, bytes: Buffer): Promise<void>;
  /** Makes everything written safe; answers how far that is. */
  flush(): Promise<Lsn>;
  close(): Promise<void>;
}

interface Line {
  folder: string;
  timeline: number;
  segmentBytes: bigint;
}

/** Begins to write at `from`, the beginning of a segment. */
export function openWalWriter(line: Line, from: Lsn): WalWriter {
  const { timeline, segmentBytes } = line;
  const pathOf = (lsn: Lsn) =>
    join(
      paths(line.folder).wal,
      segmentName({ timeline, number: segmentAt(lsn, segmentBytes) }, segmentBytes),
    );
  let position = from;
  let isDirty = false;
  let file: FileHandle | undefined;
  let packing: Promise<void> = Promise.resolve();
  let packFailure: unknown;

  async function endSegment(path: string): Promise<void> {
    invariant(file, 'a segment that ends is open');
    await file.datasync();
    await file.close();
    file = undefined;
    await putInPlace(path + partial, path);
    packing = packing
      .then(() => packSegment(path))
      .catch((error) => {
        packFailure = error;
      });
  }
  return {
    async write(start, bytes) {
      invariant(start === position, 'changes come without a gap');
      for (let at = 0; at < bytes.length; ) {
        const path = pathOf(position);
        // What an earlier run wrote of it comes again.
        file ??= await open(path + partial, 'w', 0o600);
        const offset = Number(position % segmentBytes);
        const length = Math.min(bytes.length - at, Number(segmentBytes) - offset);
        await file.write(bytes, at, length, offset);
        at += length;
        position += BigInt(length);
        isDirty = true;
        if (position % segmentBytes === 0n) await endSegment(path);
      }
    },
    async flush() {
      if (packFailure !== undefined) throw packFailure;
      const flushed = position;
      if (isDirty) {
        isDirty = false;
        await file?.datasync();
      }
      return flushed;
    },
    async close() {
      await file?.datasync();
      await file?.close();
      file = undefined;
      await packing;
    },
  };
}

async function packSegment(path: string): Promise<void> {
  const temporary = path + packed + unfinished;
  await pipeline(
    createReadStream(path),
    createGzip({ level: 1 }),
    createWriteStream(temporary, { mode: 0o600, flush: true }),
  );
  await putInPlace(temporary, path + packed);
  await rm(path);
}

/** Where something is missing: what comes from `at` on has a beginning of its own. */
export async function beginAnew(line: Line, at: Lsn): Promise<void> {
  const { timeline, segmentBytes } = line;
  const number = segmentAt(at, segmentBytes);
  const name = segmentName({ timeline, number }, segmentBytes) + partial;
  await rm(reachFile(line.folder, timeline), { force: true });
  await writeWhole(join(paths(line.folder).wal, name), '');
}

/** Finishes what a crash left, and answers where to go on; undefined where nothing was written yet. */
export async function resumeWal(line: Line): Promise<Lsn | undefined> {
  const { wal } = paths(line.folder);
  const names = new Set(await namesIn(wal));
  let last: bigint | undefined;
  for (const name of names) {
    if (name.endsWith(unfinished)) {
      await rm(join(wal, name));
      continue;
    }
    const whole = name.replace(packed, '');
    const segment = parseSegmentName(whole, line.segmentBytes);
    if (segment?.timeline !== line.timeline) continue;
    if (last === undefined || segment.number >= last) last = segment.number + 1n;
    if (name !== whole) continue;
    if (names.has(whole + packed)) await rm(join(wal, name));
    else await packSegment(join(wal, name));
  }
  const begun = [...names]
    .filter((name) => name.endsWith(partial))
    .map((name) => parseSegmentName(name.slice(0, -partial.length), line.segmentBytes))
    .filter((segment) => segment?.timeline === line.timeline)
    .map((segment) => segment?.number ?? 0n);
  const next = [...begun, ...(last === undefined ? [] : [last])].sort(byNumber).at(-1);
  return next === undefined ? undefined : next * line.segmentBytes;
}

function byNumber(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

export interface StoredSegment {
  number: bigint;
  name: string;
  /** Bytes of changes in it; all of a segment's unless it is the one being written. */
  bytes: bigint;
  read(): Promise<Buffer>;
}

/** The segments from the one with `from` on, as far as there is no gap. */
export async function* storedSegments(line: Line, from: Lsn): AsyncGenerator<StoredSegment> {
  for (let number = segmentAt(from, line.segmentBytes); ; number += 1n) {
    const stored = await findSegment(line, number);
    if (stored) yield stored;
    if (stored?.bytes !== line.segmentBytes) return;
  }
}

async function findSegment(line: Line, number: bigint): Promise<StoredSegment | undefined> {
  const { timeline, segmentBytes } = line;
  const name = segmentName({ timeline, number }, segmentBytes);
  const path = join(paths(line.folder).wal, name);
  for (const end of [packed, '', partial]) {
    const found = await stat(path + end).catch(ifMissing(() => undefined));
    if (!found) continue;
    const bytes = end === partial ? BigInt(found.size) : segmentBytes;
    return { number, name, bytes, read: () => readSegment(path + end, segmentBytes) };
  }
  return undefined;
}

/** All its bytes; behind the end of one that was being written, zeros, which end a replay. */
async function readSegment(path: string, segmentBytes: bigint): Promise<Buffer> {
  const whole = Buffer.alloc(Number(segmentBytes));
  if (!path.endsWith(packed)) {
    (await readFile(path)).copy(whole);
    return whole;
  }
  let at = 0;
  await pipeline(createReadStream(path), createGunzip(), async (chunks) => {
    for await (const chunk of chunks) at += (chunk as Buffer).copy(whole, at);
  });
  invariant(at === whole.length, `${path} holds one whole segment`);
  return whole;
}

/** Removes the changes that no copy needs any more. */
export async function removeOldWal(folder: string, bases: readonly Manifest[]): Promise<void> {
  const [oldest] = bases;
  if (!oldest) return;
  const { wal } = paths(folder);
  const needs = new Map<number, bigint>();
  for (const { timeline, start, segmentBytes } of bases) {
    const first = segmentAt(start, segmentBytes);
    const known = needs.get(timeline);
    if (known === undefined || first < known) needs.set(timeline, first);
  }
  for (const name of await namesIn(wal)) {
    const segment = parseSegmentName(name.split('.')[0] ?? '', oldest.segmentBytes);
    // The one being written is never old: its timeline may have no copy yet.
    if (!segment || name.endsWith(partial)) continue;
    const first = needs.get(segment.timeline);
    const newest = Math.max(...needs.keys());
    const isOld = first === undefined ? segment.timeline < newest : segment.number < first;
    if (isOld) await rm(join(wal, name), { force: true });
  }
}
