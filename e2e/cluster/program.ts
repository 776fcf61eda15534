/** A program of the system that belongs to a cluster: started on a port, known to listen, stopped with the cluster. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Program {
  readonly pid: number;
  /** Asks it to end, by the signal, and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProgramOptions {
  command: string;
  args: readonly string[];
  /** Where it listens when it is ready. */
  port: number;
  /** As whom it runs; ourselves when left out. */
  account?: { uid: number; gid: number } | undefined;
}

const startTimeoutMs = 10_000;

/**
 * Starts the program and waits until it listens.
 * @throws Error with what it printed, when it ends or does not listen in time.
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const child = spawn(options.command, options.args, {
    ...options.account,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk).slice(-10_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      printed += error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  void ended.then(() => children.delete(child));
  const deadline = performance.now() + startTimeoutMs;
  while (!(await listens(options.port))) {
    const isOver = child.exitCode !== null || child.pid === undefined;
    if (isOver || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${options.command} does not listen on port ${options.port}:\n${printed}`);
    }
    await sleep(20);
  }
  return {
    pid: child.pid as number,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** What a failed start leaves behind ends with us. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
