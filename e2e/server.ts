/**
 * A real server process on a free port with a data folder of its own, as a person would start it. Whatever a test
 * leaves running ends with the test run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copySeededData } from './seeded-data.ts';

const root = new URL('..', import.meta.url).pathname;
const flags = ['--disable-warning=ExperimentalWarning'];
const startTimeoutMs = 60_000;
const stopTimeoutMs = 60_000;

export interface SignIn {
  email: string;
  password: string;
}

export interface Ended {
  /** As a shell would see it: null when a signal ended it. */
  code: number | null;
  /** All that it printed, standard error included. */
  output: string;
}

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Address of the embedded database, or the one that was given. */
  readonly databaseUrl: string;
  readonly environment: Record<string, string>;
  readonly pid: number;
  /** The sign-ins that it printed. */
  readonly operator: SignIn;
  readonly customer: SignIn;
  isRunning(): boolean;
  /** All that it printed since its last start. */
  output(): string;
  /** Asks it to end, as Ctrl-C or a service manager does, and waits until it has. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<Ended>;
  /** Ends it as a crash would: it can do nothing any more. The database goes on. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and data, as the version in a folder where one is named; stops it first where it still runs. */
  restart(version?: string): Promise<void>;
  /** Process number of the embedded database; undefined when none runs. */
  postgresPid(): number | undefined;
  /** Memory that the server's process takes now; Linux only. */
  residentMb(): number;
  /** Stops everything and removes the data. */
  dispose(): Promise<void>;
}

interface ServerOptions {
  environment?: Record<string, string>;
  /** Puts something into the data folder before the first start. */
  prepare?: (dataDir: string) => void;
  /** Root of the version that is started; this one when left out. */
  version?: string;
  /** Whether the data folder is empty, though it could begin with what others' first starts have made. */
  isFirstStart?: boolean;
}

/**
 * Starts a server and waits until it says that it is ready.
 * @throws Error with all that it printed, when it ends before that.
 */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const port = await freePort();
  const dataDir = newDataFolder();
  if (!options.environment && !options.prepare && !options.isFirstStart) copySeededData(dataDir);
  options.prepare?.(dataDir);
  const environment = settingsOf({ port, dataDir, ...options.environment });
  let running = await launch(environment, options.version);
  const server: ServerProcess = {
    url: `http://localhost:${port}`,
    port,
    dataDir,
    databaseUrl: options.environment?.DATABASE_URL ?? embeddedUrl(dataDir),
    environment,
    get pid() {
      return running.pid;
    },
    operator: signInOf(running.output(), 'Operator'),
    customer: signInOf(running.output(), 'Customer'),
    isRunning: () => isRunning(running.child),
    output: () => running.output(),
    async stop(signal = 'SIGTERM') {
      running.child.kill(signal);
      return withinTime(running.ended, stopTimeoutMs, () => running.output());
    },
    async kill9() {
      running.child.kill('SIGKILL');
      await running.ended;
    },
    async restart(version = options.version) {
      if (isRunning(running.child)) await server.stop();
      running = await launch(environment, version);
    },
    postgresPid: () => postgresPid(dataDir),
    residentMb() {
      const status = readFileSync(`/proc/${running.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
    async dispose() {
      if (isRunning(running.child)) await server.stop();
      removeDataFolder(dataDir);
    },
  };
  return server;
}

/** Runs a command of the line, or a server that is expected to refuse its start, to its end. */
export async function runCommand(
  words: readonly string[],
  environment: Record<string, string>,
  version?: string,
): Promise<Ended> {
  const { ended } = spawnCommand(words, environment, version);
  return withinTime(ended, startTimeoutMs, () => words.join(' '));
}

export function newDataFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-e2e-'));
  // Open to passage, so that PostgreSQL's own user reaches its part of it.
  chmodSync(folder, 0o711);
  folders.add(folder);
  return folder;
}

/** Removes a folder with the database that may still run on it. */
export function removeDataFolder(dataDir: string): void {
  killPostgres(dataDir);
  folders.delete(dataDir);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function settingsOf({
  port,
  dataDir,
  ...others
}: {
  port: number;
  dataDir: string;
  [name: string]: string | number;
}): Record<string, string> {
  const texts = Object.entries(others).map(([name, value]) => [name, String(value)]);
  return {
    PORT: String(port),
    SLUICE_DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    ...Object.fromEntries(texts),
  };
}

/** Below those that the system gives to connections that go out: what is free stays so until the server has it. */
const ports = { first: 12_000, count: 20_000 };

export async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.first + Math.floor(Math.random() * ports.count);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

interface Spawned {
  child: ChildProcess;
  pid: number;
  ended: Promise<Ended>;
  output(): string;
}

function spawnCommand(
  words: readonly string[],
  environment: Record<string, string>,
  version = root,
): Spawned {
  const commandLine = join(version, 'server/src/cli/main.ts');
  const child = spawn(process.execPath, [...flags, commandLine, ...words], {
    cwd: version,
    // Nothing of the shell that runs the tests may decide: a DATABASE_URL there is somebody's real one.
    env: { ...inherited(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed += chunk;
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: printed }));
  });
  return { child, pid: child.pid ?? 0, ended, output: () => printed };
}

async function launch(environment: Record<string, string>, version?: string): Promise<Spawned> {
  const spawned = spawnCommand(['serve'], environment, version);
  const ready = new Promise<void>((resolve) => {
    spawned.child.stdout?.on('data', () => {
      // The sign-ins follow the address, and an empty line follows them.
      if (/Sluice is ready at .*\n(.+\n)*\n/.test(spawned.output())) resolve();
    });
  });
  const failed = spawned.ended.then(({ code, output }) => {
    throw new Error(`The server ended with code ${code} before it was ready:\n${output}`);
  });
  failed.catch(() => undefined);
  await withinTime(Promise.race([ready, failed]), startTimeoutMs, spawned.output);
  return spawned;
}

function signInOf(output: string, who: string): SignIn {
  const found = new RegExp(`^ +${who} +(\\S+) +(\\S+)$`, 'm').exec(output);
  return { email: found?.[1] ?? '', password: found?.[2] ?? '' };
}

function embeddedUrl(dataDir: string): string {
  const socket = join(dataDir, 'postgres', 'socket');
  return `postgres://sluice@localhost/sluice?host=${encodeURIComponent(realpathSync(socket))}`;
}

function postgresPid(dataDir: string): number | undefined {
  try {
    const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // No file, or a file that a killed one left.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function withinTime<T>(
  work: Promise<T>,
  limitMs: number,
  describe: () => string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Not done within ${limitMs} ms:\n${describe()}`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What it is started with by every shell; with the compiled code of earlier starts, as `npm start` has it. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
}

const children = new Set<ChildProcess>();
const folders = new Set<string>();

/** PostgreSQL outlives a killed server on purpose; after the test nobody needs it. */
function killPostgres(dataDir: string): void {
  const pid = postgresPid(dataDir);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}

/** A test that failed half-way stops nothing, and the test runner may end us by a signal. */
process.once('exit', () => {
  for (const child of children) if (isRunning(child)) child.kill('SIGKILL');
  for (const folder of folders) removeDataFolder(folder);
});
process.once('SIGTERM', () => process.exit(143));
