/**
 * Places in PostgreSQL's log of changes (WAL), and the names of its files.
 * https://www.postgresql.org/docs/18/wal-internals.html
 */

/** A place in the log, in bytes from its beginning. */
export type Lsn = bigint;

/** As PostgreSQL writes it, such as `0/18F30F8`. */
export function parseLsn(text: string): Lsn {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function lsnText(lsn: Lsn): string {
  const hex = (part: bigint) => part.toString(16).toUpperCase();
  return `${hex(lsn >> 32n)}/${hex(lsn & 0xffff_ffffn)}`;
}

/** One file of the log. */
export interface Segment {
  /** Grows by one with every restore of the database to an earlier time. */
  timeline: number;
  number: bigint;
}

export function segmentAt(lsn: Lsn, segmentBytes: bigint): bigint {
  return lsn / segmentBytes;
}

const fourGigabytes = 0x1_0000_0000n;

export function segmentName({ timeline, number }: Segment, segmentBytes: bigint): string {
  const perLog = fourGigabytes / segmentBytes;
  return [BigInt(timeline), number / perLog, number % perLog]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
}

/** Undefined for what is no name of a segment. */
export function parseSegmentName(name: string, segmentBytes: bigint): Segment | undefined {
  const [, timeline, log, number] = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/.exec(name) ?? [];
  if (timeline === undefined) return undefined;
  const perLog = fourGigabytes / segmentBytes;
  return {
    timeline: Number.parseInt(timeline, 16),
    number: BigInt(`0x${log}`) * perLog + BigInt(`0x${number}`),
  };
}
