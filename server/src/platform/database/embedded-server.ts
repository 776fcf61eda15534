/**
 * One PostgreSQL process and its watching. It runs in a session of its own, so that Ctrl-C ends us first and it only
 * after we drained; it is started again at the same address if it dies.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './embedded-account.ts';
import type { Place } from './embedded-place.ts';
import { isReady, stopPostmaster } from './embedded-postmaster.ts';

export interface Server {
  /** Folder of `initdb` and `postgres`. */
  binaries: string;
  place: Place;
  account: Account | undefined;
  settings: Record<string, string>;
  /** Owner of the cluster, who is trusted by whom the socket's folder lets in. */
  user: string;
  log: (line: string) => void;
  /** So long a start may take; a minute when left out. */
  startMaxMs?: number;
}

const pollMs = 5;
const startUsuallyMaxMs = 60_000;
const logFileMaxBytes = 10_000_000;
/** After a kill -9 the orphaned sessions hold the shared memory for a moment, and PostgreSQL refuses until then. */
const firstStartTries = 10;
const retryMinMs = 100;
const retryMaxMs = 5000;

/** Name of a cluster that was restored and waits to be put in place. */
export function restoredBeside(cluster: string): string {
  return `${cluster}.restored`;
}

/** Makes the cluster beside its place and moves it in, so that a half-made one is never started. */
export function makeCluster({ binaries, place, account, user }: Server): void {
  if (statSync(place.cluster, { throwIfNoEntry: false })) return;
  const restored = restoredBeside(place.cluster);
  if (statSync(restored, { throwIfNoEntry: false })) {
    renameSync(restored, place.cluster);
    return;
  }
  const unfinished = `${place.cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const made = spawnSync(
    join(binaries, 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${user}`,
      '--auth=trust',
      '--encoding=UTF8',
      // The built-in provider sorts alike on every machine, whatever locales are installed.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    { ...account, cwd: '/', env: environment() },
  );
  if (made.status !== 0) {
    const reason = made.error?.message ?? made.stderr.toString().trim();
    throw new Error(`The database could not be made in ${place.cluster}: ${reason}`);
  }
  renameSync(unfinished, place.cluster);
}

/** Starts the server and keeps it running until `stop`. */
export async function superviseServer(
  server: Server,
): Promise<{ pid(): number; stop(): Promise<void> }> {
  let child = await launchPatiently(server);
  let isStopping = false;
  let restarting: Promise<void> = Promise.resolve();

  function watch(): void {
    child.once('exit', () => {
      if (!isStopping) restarting = restart();
    });
  }
  async function restart(): Promise<void> {
    server.log('PostgreSQL ended by itself; starting it again.');
    for (let delayMs = retryMinMs; !isStopping; delayMs = Math.min(delayMs * 2, retryMaxMs)) {
      try {
        child = await launch(server);
        watch();
        return;
      } catch (error) {
        server.log((error as Error).message);
        await sleep(delayMs);
      }
    }
  }
  watch();
  return {
    pid: () => pidOf(child),
    async stop() {
      isStopping = true;
      await restarting;
      if (!hasEnded(child)) await stopPostmaster(pidOf(child));
    },
  };
}

async function launchPatiently(server: Server): Promise<ChildProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await launch(server);
    } catch (error) {
      if (tries === firstStartTries || !isLeftMemory(server.place.logFile)) throw error;
      await sleep(retryMinMs * tries);
    }
  }
}

/** PostgreSQL has no exit code for this refusal, only its sentence. */
function isLeftMemory(logFile: string): boolean {
  return lastLines(logFile).includes('pre-existing shared memory block');
}

/** Starts the server and waits until it takes connections. */
export async function launch(server: Server): Promise<ChildProcess> {
  const { place, startMaxMs = startUsuallyMaxMs } = server;
  const child = spawnServer(server);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + startMaxMs;
  while (!(child.pid && isReady(place.cluster, child.pid))) {
    if (failure || hasEnded(child)) {
      throw new Error(`PostgreSQL did not start: ${failure?.message ?? lastLines(place.logFile)}`);
    }
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw new Error(`PostgreSQL took longer than ${startMaxMs} ms; see ${place.logFile}.`);
    }
    await sleep(pollMs);
  }
  return child;
}

function spawnServer({ binaries, place, account, settings }: Server): ChildProcess {
  // A killed server leaves its socket's lock file, with a number that may be anybody's by now.
  for (const name of readdirSync(place.socket)) rmSync(join(place.socket, name));
  const all = { ...settings, unix_socket_directories: place.socket };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openLogFile(place.logFile);
  try {
    const child = spawn(join(binaries, 'postgres'), ['-D', place.cluster, ...args], {
      ...account,
      cwd: place.cluster,
      env: environment(),
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/** PostgreSQL writes to a file and not to us: it must be able to write after we were killed. */
function openLogFile(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(path, size > logFileMaxBytes ? 'w' : 'a', 0o600);
}

/** Nothing of ours: `PGOPTIONS` and the like would change what the server does. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('PostgreSQL has no process.');
  return child.pid;
}

export function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-5).join(' | ');
}
