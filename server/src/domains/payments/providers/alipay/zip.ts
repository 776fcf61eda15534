/** Reads the files of a zip archive as Alipay packs its bills: stored or deflated, without encryption, within limits. */
import { inflateRawSync } from 'node:zlib';

export interface ZipFile {
  /** In the encoding of whoever packed it. */
  name: Buffer;
  content: Buffer;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const entryLength = 46;
const localLength = 30;
const commentMax = 65_535;
const filesMax = 20;
const encryptedFlag = 1;
const stored = 0;
const deflated = 8;

/** Undefined for what is no such archive, or would grow past `contentBytesMax` in all. */
export function unzip(archive: Buffer, contentBytesMax: number): ZipFile[] | undefined {
  try {
    return readFiles(archive, contentBytesMax);
  } catch {
    return undefined;
  }
}

function readFiles(archive: Buffer, contentBytesMax: number): ZipFile[] | undefined {
  const end = findEnd(archive);
  if (end === undefined) return undefined;
  const count = archive.readUInt16LE(end + 10);
  if (count > filesMax) return undefined;
  const files: ZipFile[] = [];
  let left = contentBytesMax;
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const file = readFile(archive, at, left);
    if (!file) return undefined;
    files.push(file);
    left -= file.content.length;
    at += entryLength + lengths(archive, at + 28, 3);
  }
  return files;
}

function findEnd(archive: Buffer): number | undefined {
  const lowest = Math.max(0, archive.length - endLength - commentMax);
  for (let at = archive.length - endLength; at >= lowest; at -= 1) {
    if (archive.readUInt32LE(at) === endSignature) return at;
  }
  return undefined;
}

function readFile(archive: Buffer, at: number, bytesMax: number): ZipFile | undefined {
  if (archive.readUInt32LE(at) !== entrySignature) return undefined;
  const isEncrypted = (archive.readUInt16LE(at + 8) & encryptedFlag) !== 0;
  const local = archive.readUInt32LE(at + 42);
  if (isEncrypted || archive.readUInt32LE(local) !== localSignature) return undefined;
  const from = local + localLength + lengths(archive, local + 26, 2);
  const packed = archive.subarray(from, from + archive.readUInt32LE(at + 20));
  const content = unpack(packed, archive.readUInt16LE(at + 10), bytesMax);
  const nameFrom = at + entryLength;
  const name = archive.subarray(nameFrom, nameFrom + archive.readUInt16LE(at + 28));
  return content && { name, content };
}

function unpack(packed: Buffer, method: number, bytesMax: number): Buffer | undefined {
  if (method === stored) return packed.length <= bytesMax ? packed : undefined;
  if (method !== deflated) return undefined;
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesMax) });
}

/** The sum of so many 16-bit lengths that follow each other. */
function lengths(archive: Buffer, at: number, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += archive.readUInt16LE(at + 2 * index);
  return sum;
}
