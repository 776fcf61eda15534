/** Packs files into a zip archive: deflated, each followed by its place in the directory at the end. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface PackedFile {
  name: Buffer;
  content: Buffer;
}

export function zip(files: readonly PackedFile[]): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, content } of files) {
    const packed = deflateRawSync(content);
    const sizes = sizesOf(content, packed, name);
    const local = Buffer.concat([header(0x04034b50, 0), sizes, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(header(0x02014b50, 20), sizes, place, name);
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, index, end]);
}

const version = 20;
const deflated = 8;

/** What a file's own head and its entry in the directory share; only the latter says by which version it was made. */
function header(signature: number, madeBy: number): Buffer {
  const isEntry = madeBy !== 0;
  const bytes = Buffer.alloc(isEntry ? 16 : 14);
  bytes.writeUInt32LE(signature, 0);
  if (isEntry) bytes.writeUInt16LE(madeBy, 4);
  bytes.writeUInt16LE(version, isEntry ? 6 : 4);
  bytes.writeUInt16LE(deflated, isEntry ? 10 : 8);
  return bytes;
}

function sizesOf(content: Buffer, packed: Buffer, name: Buffer): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(crc32(content), 0);
  bytes.writeUInt32LE(packed.length, 4);
  bytes.writeUInt32LE(content.length, 8);
  bytes.writeUInt16LE(name.length, 12);
  return bytes;
}
