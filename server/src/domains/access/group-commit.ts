/**
 * Group commit: calls queue up while one transaction is in flight, and the next one takes them all. Nothing waits for
 * company beyond the turn of the event loop it came in, so a lone call is as quick as it can be; but of a hundred calls
 * that one answer set going, the first does not go alone while the others wait. If a batch fails it is halved, until only
 * the call that is at fault fails; what could not be tried (a lock held elsewhere, a broken connection) is tried again.
 */
import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises';

export interface Call {
  requestId: string;
  organizationId: string;
}

export interface GroupCommitOptions<Command extends Call, Answer> {
  /** One transaction; the commands are sorted by organization, then arrival, and no request occurs twice. */
  run(commands: readonly Command[]): Promise<Outcome<Answer>>;
  /** What an error says of the batch: nothing can run now, someone is in the way, or some call is at fault. */
  blameFor(error: unknown): 'connection' | 'lock' | 'call';
  batchMax: number;
  /** More than this many calls do not wait: the next one fails at once. */
  queueMax: number;
  /** How long a call is tried again before it fails. */
  patienceMs: number;
}

export interface Outcome<Answer> {
  answers: Answer[];
  /** Where the commit may still be lost: settles when it no longer can be. The next batch need not wait for it. */
  durable?: Promise<void>;
}

/** Too many calls are waiting. */
export class QueueFull extends Error {
  constructor() {
    super('too many calls are waiting for the database');
  }
}

export interface GroupCommit<Command, Answer> {
  ask(command: Command): Promise<Answer>;
  /** Resolves when everything asked so far has been answered. */
  drain(): Promise<void>;
}

interface Waiting<Command, Answer> {
  command: Command;
  /** Milliseconds of the monotonic clock. */
  deadline: number;
  tries: number;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

const retryMinMs = 20;
const retryMaxMs = 500;

export function createGroupCommit<Command extends Call, Answer>(
  options: GroupCommitOptions<Command, Answer>,
): GroupCommit<Command, Answer> {
  type Entry = Waiting<Command, Answer>;
  let queue: Entry[] = [];
  let running: Promise<void> | undefined;
  /** Batches that are not durable yet, and calls that are tried again later. */
  let unanswered = 0;
  const idle: (() => void)[] = [];

  async function pump(): Promise<void> {
    while (queue.length > 0) {
      const { batch, rest } = takeBatch(queue, options.batchMax);
      queue = rest;
      await runBatch(batch);
    }
  }
  function start(): void {
    running ??= endOfTurn()
      .then(pump)
      .finally(() => {
        running = undefined;
        if (queue.length > 0) return start();
        if (unanswered === 0) for (const resolve of idle.splice(0)) resolve();
      });
  }
  async function runBatch(batch: Entry[]): Promise<void> {
    try {
      const { answers, durable } = await options.run(batch.map(({ command }) => command));
      if (durable) void answerBehind(durable, batch, answers);
      else answer(batch, answers);
    } catch (error) {
      const blame = options.blameFor(error);
      if (blame === 'connection' || (blame === 'lock' && batch.length === 1)) {
        for (const entry of batch) void tryLater(entry, error);
        return;
      }
      if (batch.length === 1) return batch[0]?.reject(error);
      const half = Math.ceil(batch.length / 2);
      await runBatch(batch.slice(0, half));
      await runBatch(batch.slice(half));
    }
  }
  function answer(batch: Entry[], answers: Answer[]): void {
    for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
  }
  /** What may be lost is asked again: a repeat answers what was done, or does it. */
  async function answerBehind(
    durable: Promise<void>,
    batch: Entry[],
    answers: Answer[],
  ): Promise<void> {
    unanswered += 1;
    try {
      await durable;
      answer(batch, answers);
    } catch (error) {
      for (const entry of batch) void tryLater(entry, error);
    } finally {
      unanswered -= 1;
      start();
    }
  }
  /** Beside the queue: one customer's lock must not make the others wait. */
  async function tryLater(entry: Entry, error: unknown): Promise<void> {
    const delayMs = Math.min(retryMinMs * 2 ** entry.tries, retryMaxMs);
    if (performance.now() + delayMs > entry.deadline) return entry.reject(error);
    unanswered += 1;
    await sleep(delayMs);
    unanswered -= 1;
    queue.push({ ...entry, tries: entry.tries + 1 });
    start();
  }

  return {
    ask(command) {
      return new Promise((resolve, reject) => {
        if (queue.length >= options.queueMax) return reject(new QueueFull());
        const deadline = performance.now() + options.patienceMs;
        queue.push({ command, deadline, tries: 0, resolve, reject });
        start();
      });
    },
    drain() {
      if (!running && unanswered === 0) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
  };
}

/** The calls that arrived first, up to one whose request is among them already: its first answer must be known. */
function takeBatch<Command extends Call, Answer>(
  queue: Waiting<Command, Answer>[],
  batchMax: number,
): { batch: Waiting<Command, Answer>[]; rest: Waiting<Command, Answer>[] } {
  const seen = new Set<string>();
  let end = 0;
  for (const { command } of queue) {
    if (end === batchMax || seen.has(command.requestId)) break;
    seen.add(command.requestId);
    end += 1;
  }
  // Sorting is stable: within an organization the order of arrival remains.
  const batch = queue
    .slice(0, end)
    .sort((one, other) => compare(one.command.organizationId, other.command.organizationId));
  return { batch, rest: queue.slice(end) };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
