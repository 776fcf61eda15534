/** The bench's parts are processes of their own, so that each one's CPU is its own; they talk over IPC. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Cost {
  cpuMs: number;
  rssBytes: number;
}

export interface Part {
  port: number;
  /** CPU used since the start, of all its threads. */
  cost(): Promise<Cost>;
  ask<T>(question: object): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a part and waits until it listens. */
export async function startPart(file: string, options: PartOptions = {}): Promise<Part> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, {
    env: { ...process.env, ...options.env },
    // The flags that the product runs with: the bench was started with them.
    execArgv: [...process.execArgv, ...(options.flags ?? [])],
  });
  const [{ port }] = (await heard(child)) as [{ port: number }];
  const ask = async <T>(question: object): Promise<T> => {
    child.send(question);
    return (await heard(child))[0] as T;
  };
  return {
    port,
    ask,
    cost: () => ask({ cost: true }),
    async stop() {
      const exit = once(child, 'exit');
      child.send({ stop: true });
      await exit;
    },
  };
}

export interface PartOptions {
  env?: Record<string, string>;
  flags?: string[];
}

/** Its next message; a part that ends instead has said why on its own stderr. */
async function heard(child: ChildProcess): Promise<unknown[]> {
  const over = new AbortController();
  const { signal } = over;
  const exit = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a part of the bench ended with ${code}`);
  });
  try {
    return await Promise.race([once(child, 'message', { signal }), exit]);
  } finally {
    // The loser of the race is told to stop listening, and its rejection is nobody's.
    exit.catch(() => undefined);
    over.abort();
  }
}

/** A part's own side: says where it listens, answers what it is asked. */
export function announcePart(port: number, answer: (question: never) => Promise<unknown>): void {
  process.on('message', async (question: { cost?: true; stop?: true }) => {
    if (question.stop) process.exit(0);
    process.send?.(question.cost ? readCost() : await answer(question as never));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}

function readCost(): Cost {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
}
