/** Starts workers and listens to them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { WorkerOrder, WorkerReport } from './access-worker.ts';

export interface Worker {
  child: ChildProcess;
  /** Everything it has said so far. */
  reports: WorkerReport[];
  /** Resolves when it has said something like this. */
  says(isIt: (report: WorkerReport) => boolean): Promise<WorkerReport>;
  /** Resolves when the process has ended and everything it said was read. */
  ended: Promise<void>;
}

const script = fileURLToPath(new URL('./access-worker.ts', import.meta.url));

export function runWorker(order: WorkerOrder): Worker {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const reports: WorkerReport[] = [];
  const waiting = new Set<() => void>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    reports.push(JSON.parse(line) as WorkerReport);
    for (const look of waiting) look();
  });
  return {
    child,
    reports,
    ended: Promise.all([once(child, 'exit'), once(lines, 'close')]).then(() => undefined),
    says: (isIt) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = reports.find(isIt);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        child.once('exit', () => reject(new Error('the worker ended before it said so')));
        look();
      }),
  };
}
