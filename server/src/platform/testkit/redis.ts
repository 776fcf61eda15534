/** Real Redis servers on free ports of the loopback address. They keep nothing on disk and end with the test run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it as a crash would. */
  stop(): Promise<void>;
  /** Starts it again at the same address, empty. */
  start(): Promise<void>;
  /** Lets it hang: connections stay open, nothing is answered until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends it, and nothing is left. */
  dispose(): Promise<void>;
}

export interface RedisCluster {
  readonly url: string;
  readonly nodes: readonly RedisServer[];
  dispose(): Promise<void>;
}

const startTimeoutMs = 10_000;

/** @throws Error with what it printed, where it does not start in time. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-redis-'));
  const launch = () => startServer(port, ['--dir', folder, ...settings]);
  let running = await launch();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop: () => kill(running),
    async start() {
      if (running.exitCode === null && running.signalCode === null) return;
      running = await launch();
    },
    pause: () => void running.kill('SIGSTOP'),
    resume: () => void running.kill('SIGCONT'),
    async dispose() {
      await kill(running);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Three nodes that share the slots between them, without replicas. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes: RedisServer[] = [];
  const dispose = async () => {
    await Promise.all(nodes.map((node) => node.dispose()));
  };
  try {
    while (nodes.length < 3) {
      const bus = String(await freePort());
      const settings = ['--cluster-enabled', 'yes', '--cluster-port', bus];
      // One node that is gone must not take the others' slots with it.
      settings.push('--cluster-require-full-coverage', 'no', '--cluster-node-timeout', '2000');
      nodes.push(await startRedis(settings));
    }
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await run('redis-cli', ['--cluster', 'create', ...hosts, '--cluster-yes']);
    await Promise.all(nodes.map(({ port }) => clusterReady(port)));
    return { url: `redis-cluster://${hosts.join(',')}`, nodes, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function startServer(port: number, settings: readonly string[]): Promise<ChildProcess> {
  const place = ['--port', String(port), '--bind', '127.0.0.1'];
  const child = spawn('redis-server', [...place, '--save', '', '--appendonly', 'no', ...settings], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  servers.add(child);
  child.once('exit', () => servers.delete(child));
  await readyLine(child);
  return child;
}

function readyLine(child: ChildProcess): Promise<void> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`redis-server ${why}:\n${printed}`));
    };
    const timer = setTimeout(() => fail('is not ready in time'), startTimeoutMs);
    const keep = (chunk: Buffer) => {
      printed = (printed + chunk).slice(-10_000);
      if (printed.includes('eady to accept connections')) settle(resolve);
    };
    const settle = (then: () => void) => {
      clearTimeout(timer);
      then();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => settle(() => fail(error.message)));
    child.once('exit', () => settle(() => fail('ended')));
  });
}

/** Nodes learn of each other's slots one after the other. */
async function clusterReady(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1');
  try {
    const deadline = performance.now() + startTimeoutMs;
    while (!String(await client.cluster('INFO')).includes('cluster_state:ok')) {
      if (performance.now() > deadline) throw new Error('the cluster of Redis did not form');
      await sleep(20);
    }
  } finally {
    client.disconnect();
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} failed:\n${printed}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** What a test leaves running ends with its process. */
const servers = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of servers) child.kill('SIGKILL');
});
