/** The hot path of one process: two queues, authorize and settle, one transaction in flight each. */
import type { Platform } from '../../platform/context.ts';
import { openPool } from '../../platform/database/pool.ts';
import { invariant, Refusal } from '../../platform/errors.ts';
import { checkAuthorize, checkCall, checkSettle } from './core/check-command.ts';
import type {
  AuthorizeAnswer,
  AuthorizeCommand,
  ReleaseCommand,
  SettleCommand,
  Settlement,
} from './core/commands.ts';
import { createFlush, type Flush } from './flush.ts';
import { createGroupCommit, type Outcome } from './group-commit.ts';
import { sweepHolds } from './operations/sweep-holds.ts';
import {
  authorizeBatch,
  authorizeSingle,
  blameFor,
  type EndAnswer,
  type EndCommand,
  endBatch,
  flushLog,
  type Instants,
  type Pool,
  prolongHold,
  settleSingle,
} from './store.ts';

export interface Access {
  /** Decides a call and holds its worst case; asked again while it is open, it answers as before. */
  authorize(command: AuthorizeCommand): Promise<AuthorizeAnswer>;
  /**
   * Pays a call, durably; asked again it answers the first settlement.
   * @throws Refusal `request_closed` for a call that was released.
   */
  settle(command: SettleCommand): Promise<Settlement>;
  /** Gives the whole hold back; false where there is none (any more). */
  release(command: ReleaseCommand): Promise<{ released: boolean }>;
  /** Keeps a hold alive; false when it is gone, and the settle will be late. */
  renew(command: { requestId: string; organizationId: string; expiresAt: Date }): Promise<boolean>;
  /** Answers what was asked, then closes the connections. Ask nothing after it. */
  close(): Promise<void>;
}

export interface AccessOptions {
  /** The database; its three connections are for the two queues and the flush alone. */
  url: string;
  /** How often this process looks for expired holds. */
  sweepEveryMs?: number;
}

const sweepEveryMs = 15_000;

/**
 * More than this many calls wait for the batch after. Many callers then fall into two groups, of which one is in the
 * database while the other is answered: with 200 on one organization 25,000 calls a second instead of 21,000, and over
 * 1,000 organizations 20,000 instead of 13,000.
 */
const batchMax = 120;
/** Seconds of work. Calls that were permitted must be settled, so there is room for all that can be in flight. */
const authorizesWaitingMax = 10_000;
const settlesWaitingMax = 200_000;
/** A caller waits for its answer before anything is sent upstream; a settle is money, and waits out a restart. */
const authorizePatienceMs = 5_000;
const settlePatienceMs = 60_000;

export function createAccess(platform: Platform, options: AccessOptions): Access {
  const pool = openPool({
    url: options.url,
    max: 3,
    applicationName: 'sluice access',
    onConnectionError: (error) => platform.log.warn({ err: error }, 'a connection of access broke'),
  });
  const flush = createFlush(() => flushLog(pool));
  const instants = (): Instants => ({
    wall: platform.clocks.wall(),
    business: platform.clocks.business(),
  });
  const authorizes = createGroupCommit<AuthorizeCommand, AuthorizeAnswer>({
    run: async (commands) => ({ answers: await runAuthorize(pool, commands, instants()) }),
    blameFor,
    batchMax,
    queueMax: authorizesWaitingMax,
    patienceMs: authorizePatienceMs,
  });
  const ends = createGroupCommit<EndCommand, EndAnswer>({
    run: (commands) => runEnd({ pool, flush }, commands, instants()),
    blameFor,
    batchMax,
    queueMax: settlesWaitingMax,
    patienceMs: settlePatienceMs,
  });
  let isClosed = false;
  let sweeping: Promise<unknown> = Promise.resolve();
  const sweeper = setInterval(() => {
    sweeping = sweepHolds(platform).catch((error) =>
      platform.log.error(
        { err: error },
        'expired holds could not be given back; the next sweep will',
      ),
    );
  }, options.sweepEveryMs ?? sweepEveryMs);
  sweeper.unref();

  return {
    async authorize(command) {
      invariant(!isClosed, 'access is open');
      checkAuthorize(command);
      return answered(authorizes.ask(command));
    },
    async settle(command) {
      invariant(!isClosed, 'access is open');
      checkSettle(command);
      const {
        closed,
        released: _,
        ...settlement
      } = await answered(ends.ask({ kind: 'settle', ...command }));
      if (closed) {
        throw new Refusal('request_closed', 'This call was released: it cannot be settled.');
      }
      return settlement;
    },
    async release(command) {
      invariant(!isClosed, 'access is open');
      checkCall(command);
      const { released } = await answered(ends.ask({ kind: 'release', ...command }));
      return { released };
    },
    renew: (command) => prolongHold(platform.database, command),
    async close() {
      isClosed = true;
      clearInterval(sweeper);
      await sweeping;
      await Promise.all([authorizes.drain(), ends.drain()]);
      await pool.end();
    },
  };
}

async function runAuthorize(
  pool: Pool,
  commands: readonly AuthorizeCommand[],
  now: Instants,
): Promise<AuthorizeAnswer[]> {
  const [first] = commands;
  const isLone = commands.length === 1 && first && isPlain(first) && !first.wantLimits;
  return isLone ? [await authorizeSingle(pool, first, now)] : authorizeBatch(pool, commands, now);
}

/** A model is called, and no meter of an application counts it: the shorter ways are made for these. */
function isPlain(command: AuthorizeCommand | SettleCommand): boolean {
  return command.model !== null && command.meters.length === 0;
}

/** A lone call is durable when it is done; a batch makes room for the next before it is. */
async function runEnd(
  { pool, flush }: { pool: Pool; flush: Flush },
  commands: readonly EndCommand[],
  now: Instants,
): Promise<Outcome<EndAnswer>> {
  const [first] = commands;
  if (commands.length === 1 && first?.kind === 'settle' && isPlain(first)) {
    const settlement = await settleSingle(pool, first, now);
    if (settlement) return { answers: [settlement] };
  }
  const answers = await endBatch(pool, commands, now);
  return { answers, durable: flush() };
}

async function answered<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (blameFor(error) === 'call') throw error;
    throw new Refusal('unavailable', 'The database does not answer: try again shortly.', {
      retryAfterSeconds: 1,
    });
  }
}
