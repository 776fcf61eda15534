/**
 * Reads the tar files that PostgreSQL writes: folders, files and links, with short names.
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BackupError } from './backup-folder.ts';

const blockBytes = 512;

interface Entry {
  name: string;
  kind: string;
  size: number;
  target: string;
}

/** Unpacks into a folder; `made` hears of each path. */
export async function unpackTar(
  source: Readable,
  folder: string,
  made: (path: string) => void,
): Promise<void> {
  const bytes = createByteReader(source);
  for (;;) {
    const header = await bytes.take(blockBytes);
    // A block of zeros is the end.
    if (header.every((byte) => byte === 0)) break;
    const entry = readEntry(header);
    const path = join(folder, entry.name);
    if (entry.kind === '5') {
      await mkdir(path, { recursive: true, mode: 0o700 });
    } else if (entry.kind === '2') {
      await symlink(entry.target, path);
    } else if (entry.kind === '0') {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await pipeline(bytes.pass(entry.size), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      await bytes.take((blockBytes - (entry.size % blockBytes)) % blockBytes);
    } else {
      throw new BackupError(`The backup holds ${entry.name}, which is neither file nor folder.`);
    }
    made(path);
  }
  await bytes.rest();
}

function readEntry(header: Buffer): Entry {
  const text = (from: number, length: number) =>
    header.toString('utf8', from, from + length).split('\0')[0] ?? '';
  const name = normalize(text(0, 100));
  if (isAbsolute(name) || name.split('/').includes('..')) {
    throw new BackupError(`The backup holds ${name}, which leads out of its folder.`);
  }
  return { name, size: readSize(header), kind: text(156, 1) || '0', target: text(157, 100) };
}

/** Octal digits, or above 8 GB a number in base 256 behind a set bit. */
function readSize(header: Buffer): number {
  const field = header.subarray(124, 136);
  if ((field[0] ?? 0) & 0x80) return Number(field.readBigUInt64BE(4));
  return Number.parseInt(field.toString('latin1').replace(/[\0 ]+$/, '') || '0', 8);
}

/** Bytes of a stream, as many at a time as are wanted. */
function createByteReader(source: Readable) {
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  let left: Buffer = Buffer.alloc(0);

  async function next(max: number): Promise<Buffer> {
    while (left.length === 0) {
      const { value, done } = await chunks.next();
      if (done) throw new BackupError('The backup ends too early: it is damaged.');
      left = value;
    }
    const taken = left.subarray(0, max);
    left = left.subarray(taken.length);
    return taken;
  }
  return {
    async take(count: number): Promise<Buffer> {
      const parts: Buffer[] = [];
      for (let missing = count; missing > 0; ) {
        const part = await next(missing);
        parts.push(part);
        missing -= part.length;
      }
      return Buffer.concat(parts);
    },
    async *pass(count: number): AsyncGenerator<Buffer> {
      for (let missing = count; missing > 0; ) {
        const part = await next(missing);
        missing -= part.length;
        yield part;
      }
    },
    /** What is behind the end, so that the checksum of the packing is looked at too. */
    async rest(): Promise<void> {
      while (!(await chunks.next()).done);
    },
  };
}
