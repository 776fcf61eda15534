/** A self-signed X.509 certificate, as the platform's certificates are for our purpose: a name, a term and a key. */
import { createPublicKey, type KeyObject, sign } from 'node:crypto';

export interface CertificateOrder {
  /** Hexadecimal. */
  serial: string;
  commonName: string;
  privateKey: KeyObject;
  from: Date;
  to: Date;
}

const sha256WithRsa = '1.2.840.113549.1.1.11';
const commonNameType = '2.5.4.3';

const tags = { integer: 0x02, bits: 0x03, null: 0x05, oid: 0x06, utf8: 0x0c, time: 0x18 } as const;
const sequenceTag = 0x30;
const setTag = 0x31;
const versionTag = 0xa0;

/** PEM. The layout is RFC 5280, section 4.1. */
export function makeCertificate(order: CertificateOrder): string {
  const algorithm = sequence(objectId(sha256WithRsa), encode(tags.null, Buffer.alloc(0)));
  const name = sequence(
    encode(
      setTag,
      sequence(objectId(commonNameType), encode(tags.utf8, Buffer.from(order.commonName))),
    ),
  );
  const unsigned = sequence(
    encode(versionTag, encode(tags.integer, Buffer.of(2))),
    encode(tags.integer, positive(Buffer.from(order.serial, 'hex'))),
    algorithm,
    name,
    sequence(time(order.from), time(order.to)),
    name,
    createPublicKey(order.privateKey).export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', unsigned, order.privateKey);
  const bits = encode(tags.bits, Buffer.concat([Buffer.of(0), signature]));
  const lines =
    sequence(unsigned, algorithm, bits)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function sequence(...parts: Buffer[]): Buffer {
  return encode(sequenceTag, Buffer.concat(parts));
}

/** A tag, the length (long form from 128 on), the content. */
function encode(tag: number, content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, content]);
}

/** An integer whose first bit is set would read as negative. */
function positive(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function time(at: Date): Buffer {
  const text = at.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return encode(tags.time, Buffer.from(`${text}Z`));
}

/** The first two arcs share a byte; the others are written in groups of seven bits. */
function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return encode(tags.oid, Buffer.from([first * 40 + second, ...bytes]));
}
