/**
 * PostgreSQL's replication protocol: whole copies and the stream of changes, over the connection that the server has
 * anyway. It needs no program beside ours and no access to the database's files, so it is the same for the embedded
 * database and for one on another machine.
 * https://www.postgresql.org/docs/18/protocol-replication.html
 */
import type { Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import pg from 'pg';
import { type Lsn, lsnText, parseLsn } from './lsn.ts';

/** What of a client its types do not tell. */
interface Wire {
  connection: {
    stream: Socket;
    on(event: 'copyData', heard: (message: { chunk: Buffer }) => void): void;
    sendCopyFromChunk(chunk: Buffer): void;
  };
}

interface CopyQuery extends pg.Query {
  handleCopyData(message: { chunk: Buffer }): void;
}

export interface Source {
  /** What all copies of one database cluster have in common. */
  systemId: string;
  timeline: number;
  /** How far its log is written. */
  position: Lsn;
  database: string;
  segmentBytes: bigint;
  version: string;
}

/** A connection for replication commands. */
export interface ReplicationClient {
  identify(): Promise<Source>;
  /** The time by the database's own clock, which also stamps every commit. */
  readTime(): Promise<Date>;
  /** Takes a lock of the whole database for as long as the connection lives; false when another has it. */
  tryLock(number: number): Promise<boolean>;
  /** Makes a slot that keeps all changes from now on, unless there is one that still does. */
  makeSlot(name: string): Promise<void>;
  dropSlot(name: string): Promise<void>;
  /** Begins a whole copy; the database goes on working meanwhile. */
  beginCopy(label: string): BaseCopy;
  /** Begins the stream of changes; it ends when the connection does. */
  stream(from: StreamStart): ChangeStream;
  /** Ends it at once, whatever it is doing. */
  close(): Promise<void>;
}

export interface StreamStart {
  slot: string;
  from: Lsn;
  timeline: number;
}

/** @throws when the role may not replicate (SQLSTATE 42501). */
export async function connectForReplication(url: string): Promise<ReplicationClient> {
  const settings: pg.ClientConfig & { replication: string } = {
    connectionString: url,
    // With a database it takes plain SQL too, without parameters.
    replication: 'database',
    application_name: 'sluice backup',
    keepAlive: true,
  };
  const client = new pg.Client(settings);
  // Each command that is under way hears of a broken connection itself.
  client.on('error', () => undefined);
  await client.connect();
  return {
    identify: () => identify(client),
    readTime: async () => (await client.query('select clock_timestamp() as at')).rows[0].at,
    tryLock: async (number) =>
      (await client.query(`select pg_try_advisory_lock(${number}) as mine`)).rows[0].mine,
    makeSlot: (name) => makeSlot(client, name),
    async dropSlot(name) {
      await client.query(`select pg_drop_replication_slot('${name}')`);
    },
    beginCopy: (label) => beginBaseCopy(client, label),
    stream: (from) => streamChanges(client, from),
    close: () => client.end(),
  };
}

async function identify(client: pg.Client): Promise<Source> {
  const [system] = (await client.query('IDENTIFY_SYSTEM')).rows;
  const { rows } = await client.query(`
    select
      (select setting from pg_settings where name = 'wal_segment_size') as segment_bytes,
      current_setting('server_version') as version
  `);
  return {
    systemId: system.systemid,
    timeline: Number(system.timeline),
    position: parseLsn(system.xlogpos),
    database: system.dbname,
    segmentBytes: BigInt(rows[0].segment_bytes),
    version: rows[0].version,
  };
}

async function makeSlot(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query(
    `select wal_status from pg_replication_slots where slot_name = '${name}'`,
  );
  const [slot] = rows;
  if (slot && slot.wal_status !== 'lost') return;
  if (slot) await client.query(`DROP_REPLICATION_SLOT "${name}"`);
  await client.query(`CREATE_REPLICATION_SLOT "${name}" PHYSICAL (RESERVE_WAL)`);
}

export interface BaseCopy {
  /** A tar file. */
  archive: Readable;
  /** The part of the log that the copy needs, and holds. */
  done: Promise<{ start: Lsn; end: Lsn; timeline: number }>;
}

function beginBaseCopy(client: pg.Client, label: string): BaseCopy {
  const archive = new PassThrough({ highWaterMark: 1 << 20 });
  const socket = (client as unknown as Wire).connection.stream;
  archive.on('drain', () => socket.resume());
  let archives = 0;
  const query = new pg.Query({
    text: `BASE_BACKUP (LABEL '${label}', CHECKPOINT 'fast', WAL true, MANIFEST 'no')`,
  }) as CopyQuery;
  query.handleCopyData = ({ chunk }) => {
    const kind = String.fromCharCode(chunk[0] ?? 0);
    if (kind === 'n') archives += 1;
    // The chunk is a window of a buffer that is used again.
    if (kind === 'd' && archives === 1 && !archive.write(Buffer.from(chunk.subarray(1)))) {
      socket.pause();
    }
  };
  const done = new Promise<{ start: Lsn; end: Lsn; timeline: number }>((resolve, reject) => {
    query.on('error', (error) => {
      archive.destroy(error);
      reject(error);
    });
    query.on('end', (results) => {
      const [begun, , ended] = results as unknown as pg.QueryResult[];
      if (archives > 1) {
        const error = new Error(
          'The database keeps tables outside of its folder (tablespaces), which this backup does not copy.',
        );
        archive.destroy(error);
        reject(error);
        return;
      }
      archive.end();
      resolve({
        start: parseLsn(begun?.rows[0].recptr),
        end: parseLsn(ended?.rows[0].recptr),
        timeline: Number(begun?.rows[0].tli),
      });
    });
  });
  done.catch(() => undefined);
  client.query(query);
  return { archive, done };
}

export interface Heard {
  /** Where the bytes belong; undefined for a sign of life. */
  data: { start: Lsn; bytes: Buffer } | undefined;
  /** How far the database's log is written, and when that was so. */
  end: Lsn;
  at: Date;
}

export interface ChangeStream {
  hear(): AsyncIterable<Heard>;
  /** Says that everything up to there is safe here, and asks for a sign of life. */
  confirm(flushed: Lsn): void;
}

/** Bytes that wait to be written, beyond which the database is asked to wait. */
const waitingBytesMax = 8 << 20;
const microsecondsPerMs = 1000n;
const postgresEpochMs = BigInt(Date.UTC(2000, 0, 1));

function streamChanges(client: pg.Client, { slot, from, timeline }: StreamStart): ChangeStream {
  const { connection } = client as unknown as Wire;
  const waiting: Heard[] = [];
  let waitingBytes = 0;
  let wake = () => {};
  let ended: { error: Error | undefined } | undefined;
  connection.on('copyData', ({ chunk }) => {
    const heard = readMessage(chunk);
    waiting.push(heard);
    waitingBytes += heard.data?.bytes.length ?? 0;
    if (waitingBytes > waitingBytesMax) connection.stream.pause();
    wake();
  });
  const end = (error: Error | undefined) => {
    ended ??= { error };
    wake();
  };
  client
    .query(`START_REPLICATION SLOT "${slot}" PHYSICAL ${lsnText(from)} TIMELINE ${timeline}`)
    .then(() => end(undefined), end);
  return {
    async *hear() {
      for (;;) {
        const next = waiting.shift();
        if (next) {
          waitingBytes -= next.data?.bytes.length ?? 0;
          if (waitingBytes <= waitingBytesMax) connection.stream.resume();
          yield next;
        } else if (ended) {
          if (ended.error) throw ended.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
    confirm: (flushed) => connection.sendCopyFromChunk(statusMessage(flushed)),
  };
}

function readMessage(chunk: Buffer): Heard {
  const isData = chunk[0] === 'w'.charCodeAt(0);
  const [endAt, timeAt] = isData ? [9, 17] : [1, 9];
  const data = isData
    ? { start: chunk.readBigUInt64BE(1), bytes: Buffer.from(chunk.subarray(25)) }
    : undefined;
  return {
    data,
    end: chunk.readBigUInt64BE(endAt),
    at: new Date(Number(postgresEpochMs + chunk.readBigInt64BE(timeAt) / microsecondsPerMs)),
  };
}

function statusMessage(flushed: Lsn): Buffer {
  const message = Buffer.alloc(34);
  message.write('r', 0, 'latin1');
  for (const at of [1, 9, 17]) message.writeBigUInt64BE(flushed, at);
  // Our own time, at 25, is for people only. The last byte asks for an answer.
  message[33] = 1;
  return message;
}
