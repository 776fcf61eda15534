/**
 * Counts tokens where an upstream reported none, off the event loop. The worker and its tables (about 100 MB) exist only
 * while they are needed.
 */
import { Worker } from 'node:worker_threads';

export interface TokenCounter {
  /** Tokens of generated text. */
  countText(text: string): Promise<number>;
  /** Input tokens of a call's body; `surface` names what it is a call of. */
  countRequest(surface: string, body: Buffer): Promise<number>;
  close(): Promise<void>;
}

type Counted = { text: string } | { surface: string; request: Uint8Array };
export type CountTask = { id: number } & Counted;
export interface CountAnswer {
  id: number;
  tokens: number;
}

export const idleMs = 30_000;
/** A count that takes longer is given up for the rule of thumb. */
const taskTimeoutMs = 10_000;
const tasksMax = 1000;

/** Four bytes of English are about one token: https://platform.openai.com/tokenizer */
export function roughTokens(bytes: number): number {
  return Math.ceil(bytes / 4);
}

interface Waiting {
  resolve(tokens: number): void;
  fallback: number;
}

export function createTokenCounter(): TokenCounter {
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();

  function stop(): Promise<number> | undefined {
    clearTimeout(timer);
    const stopping = worker;
    worker = undefined;
    for (const { resolve, fallback } of waiting.values()) resolve(fallback);
    waiting.clear();
    return stopping?.terminate();
  }
  function restartTimer(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void stop(), waiting.size > 0 ? taskTimeoutMs : idleMs);
    timer.unref();
  }
  function start(): Worker {
    const started = new Worker(new URL('./token-counter-worker.ts', import.meta.url));
    started.unref();
    started.on('message', ({ id, tokens }: CountAnswer) => {
      waiting.get(id)?.resolve(tokens);
      waiting.delete(id);
      restartTimer();
    });
    const broken = () => {
      if (worker === started) void stop();
    };
    started.on('error', broken);
    started.on('exit', broken);
    return started;
  }
  function count(task: Counted, bytes: number): Promise<number> {
    const fallback = roughTokens(bytes);
    if (waiting.size >= tasksMax) return Promise.resolve(fallback);
    worker ??= start();
    const id = nextId;
    nextId += 1;
    return new Promise((resolve) => {
      waiting.set(id, { resolve, fallback });
      worker?.postMessage({ id, ...task } satisfies CountTask);
      restartTimer();
    });
  }
  return {
    countText: async (text) => (text === '' ? 0 : count({ text }, Buffer.byteLength(text))),
    countRequest: (surface, body) => count({ surface, request: body }, body.length),
    async close() {
      await stop();
    },
  };
}
