/** Server processes on one database, whose clocks move together; any of them can be killed and started anew. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface Order {
  id: number;
  offsetMs: number;
  /** Whether jobs that are due are to be run. */
  works: boolean;
}

export type Report = { port: number } | { done: number; failures: string[] };

export interface Fleet {
  ports(): number[];
  /** Lets time pass for all of them, and has them work on what is due; answers what failed. */
  pass(ms: number): Promise<string[]>;
  offsetMs(): number;
  /** Ends one as a crash would. */
  kill(index: number): Promise<void>;
  start(index: number): Promise<void>;
  close(): Promise<void>;
}

interface Running {
  child: ChildProcess;
  port: number;
}

export interface FleetPlace {
  databaseUrl: string;
  publicUrl: string;
  secretKey: string;
}

const main = new URL('server-process.ts', import.meta.url).pathname;
const startTimeoutMs = 60_000;

export async function openFleet(size: number, place: FleetPlace): Promise<Fleet> {
  const running: (Running | undefined)[] = [];
  let offsetMs = 0;
  let orders = 0;
  const alive = () => running.filter((each) => each !== undefined);
  const start = async (index: number) => {
    running[index] = await launch(place, offsetMs);
  };
  await Promise.all(Array.from({ length: size }, (_, index) => start(index)));
  return {
    ports: () => alive().map(({ port }) => port),
    offsetMs: () => offsetMs,
    async pass(ms) {
      offsetMs += ms;
      orders += 1;
      const order: Order = { id: orders, offsetMs, works: true };
      const failures = await Promise.all(alive().map(({ child }) => tell(child, order)));
      return failures.flat();
    },
    async kill(index) {
      const killed = running[index];
      running[index] = undefined;
      if (!killed) return;
      killed.child.kill('SIGKILL');
      await once(killed.child, 'exit');
    },
    start,
    async close() {
      await Promise.all(
        alive().map(async ({ child }) => {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }),
      );
    },
  };
}

async function launch(place: FleetPlace, offsetMs: number): Promise<Running> {
  const child = fork(main, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      CHAOS_DATABASE_URL: place.databaseUrl,
      CHAOS_PUBLIC_URL: place.publicUrl,
      CHAOS_SECRET_KEY: place.secretKey,
      CHAOS_OFFSET_MS: String(offsetMs),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const signal = AbortSignal.timeout(startTimeoutMs);
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('a server ended before it was ready');
  });
  ended.catch(() => undefined);
  const [report] = await Promise.race([once(child, 'message', { signal }), ended]);
  return { child, port: (report as { port: number }).port };
}

/** What one did and failed at; nothing where it died over it. */
function tell(child: ChildProcess, order: Order): Promise<string[]> {
  return new Promise((resolve) => {
    const finish = (failures: string[]) => {
      child.off('message', hear);
      child.off('exit', die);
      resolve(failures);
    };
    const die = () => finish([]);
    const hear = (report: Report) => {
      if ('done' in report && report.done === order.id) finish(report.failures);
    };
    child.on('message', hear);
    child.once('exit', die);
    if (!child.connected) return finish([]);
    child.send(order, (error) => {
      if (error) finish([]);
    });
  });
}
