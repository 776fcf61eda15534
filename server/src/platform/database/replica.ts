/**
 * Long reads that decide no money: reports, exports, statistics. They go to a replica where there is one that keeps up,
 * so that their snapshots do not hold back the clean-up of the hot tables; otherwise to the primary, with a word in the log.
 */
import { sql } from 'kysely';
import type { Log } from '../log.ts';
import { type Database, openDatabase, type Transaction } from './pool.ts';

export interface Replica {
  /**
   * Runs `work` in one read-only transaction with one snapshot. It may run a second time, on the primary, when the
   * replica ends the first: it must do nothing but read.
   */
  read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Where all pages of one export are read, each with a snapshot of its own. It is for `select` only. */
  choose(): Promise<Database>;
  /** Why the primary answers instead; undefined when the replica does, or when none was set up. */
  problem(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  primary: Database;
  url: string | undefined;
  /** Further behind than this it is left alone. */
  lagMaxMs: number;
  log: Log;
  /** Wall time. */
  now: () => Date;
}

/** So long one look at the replica counts. */
const lookMs = 5000;
const connectionsMax = 4;
const lookTimeoutMs = 3000;

/**
 * Ends every statement of the transaction that takes longer; none takes more than one core, for calls need the others. A
 * hundred thousand customers are put in order in memory, and found through indexes, which lie in memory too.
 */
export async function limitStatements(transaction: Transaction, timeoutMs: number): Promise<void> {
  await sql`
    select set_config('statement_timeout', ${String(timeoutMs)}, true),
      set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '32MB', true),
      set_config('random_page_cost', '1.1', true)
  `.execute(transaction);
}

/** Without a URL, everything is read from the primary, silently. */
export function openReplica(options: ReplicaOptions): Replica {
  return options.url === undefined
    ? primaryAlone(options.primary)
    : replicaAt(options.url, options);
}

/** For deployments without a replica: the primary answers. */
export function primaryAlone(primary: Database): Replica {
  return {
    read: (work) => readFrom(primary, work),
    choose: async () => primary,
    problem: async () => undefined,
    close: async () => undefined,
  };
}

function replicaAt(url: string, { primary, lagMaxMs, log, now }: ReplicaOptions): Replica {
  let breaks = 0;
  const replica = openDatabase({
    url,
    max: connectionsMax,
    applicationName: 'sluice replica',
    onConnectionError: () => {
      breaks += 1;
    },
  });
  let looked: { at: number; problem: string | undefined } | undefined;
  let looking: Promise<string | undefined> | undefined;

  async function problem(): Promise<string | undefined> {
    if (looked && now().getTime() - looked.at < lookMs) return looked.problem;
    looking ??= look({ primary, replica, lagMaxMs, now })
      .then(note)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }
  function note(found: string | undefined): string | undefined {
    if (found !== looked?.problem) tell(found);
    looked = { at: now().getTime(), problem: found };
    return found;
  }
  function tell(found: string | undefined): void {
    if (found === undefined) log.info('long reads go to the replica again');
    else log.warn({ reason: found }, 'long reads go to the primary: the replica cannot be used');
  }
  return {
    problem,
    async choose() {
      return (await problem()) === undefined ? replica : primary;
    },
    async read(work) {
      if ((await problem()) !== undefined) return readFrom(primary, work);
      const breaksBefore = breaks;
      let hasBegun = false;
      try {
        return await readFrom(replica, (transaction) => {
          hasBegun = true;
          return work(transaction);
        });
      } catch (error) {
        if (hasBegun && breaks === breaksBefore && !isEndOfRead(error)) throw error;
        note(`it ended a read: ${(error as Error).message}`);
        return readFrom(primary, work);
      }
    },
    close: () => replica.destroy(),
  };
}

function readFrom<T>(database: Database, work: (transaction: Transaction) => Promise<T>) {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(work);
}

interface Looking {
  primary: Database;
  replica: Database;
  lagMaxMs: number;
  now: () => Date;
}

/** Nothing the primary wrote since it asked may be missing for longer than allowed. */
async function look({ primary, replica, lagMaxMs, now }: Looking): Promise<string | undefined> {
  try {
    const written = await writtenTo(primary);
    const replayed = await inTime(replayedTo(replica, written));
    // A copy that is no standby (or one whose provider hides it) cannot tell how far it is.
    if (!replayed.isStandby || replayed.hasAll !== false) return undefined;
    if (replayed.lastCommit === null) return 'it has not replayed a commit yet';
    const behindMs = now().getTime() - replayed.lastCommit.getTime();
    return behindMs <= lagMaxMs ? undefined : `it lags by ${Math.round(behindMs / 1000)} seconds`;
  } catch (error) {
    return `it does not answer: ${(error as Error).message}`;
  }
}

async function writtenTo(primary: Database): Promise<string> {
  const { rows } = await sql<{ lsn: string }>`
    select pg_current_wal_lsn()::text as lsn
  `.execute(primary);
  return rows[0]?.lsn ?? '0/0';
}

interface Replayed {
  isStandby: boolean;
  hasAll: boolean | null;
  lastCommit: Date | null;
}

async function replayedTo(replica: Database, lsn: string): Promise<Replayed> {
  const { rows } = await sql<Replayed>`
    select
      pg_is_in_recovery() as "isStandby",
      case when pg_is_in_recovery() then pg_last_wal_replay_lsn() >= ${lsn}::pg_lsn end as "hasAll",
      pg_last_xact_replay_timestamp() as "lastCommit"
  `.execute(replica);
  return rows[0] ?? { isStandby: false, hasAll: null, lastCommit: null };
}

/** A replica that hangs must not hold up the page that asked. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${lookTimeoutMs} ms`)),
      lookTimeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/**
 * Replay needed what the read was looking at, or the server shut down.
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
function isEndOfRead(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return code === '40001' || /^(57P|08)/.test(code);
}
