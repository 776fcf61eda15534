/**
 * The shape of `compose.cluster.yaml` without containers, and with nginx: servers, PostgreSQL behind pgbouncer, and Redis,
 * all on free ports of the loopback address, with the configuration in `deploy`.
 */
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/platform/database/embedded.ts';
import { postgresAccount } from '../../server/src/platform/database/embedded-account.ts';
import { removePlace } from '../../server/src/platform/database/embedded-place.ts';
import { startRedis } from '../../server/src/platform/testkit/redis.ts';
import { freePort, type ServerProcess, startServer } from '../server.ts';
import { startProgram } from './program.ts';

export interface Cluster {
  /** Of nginx, in front of all servers. */
  readonly url: string;
  readonly servers: readonly ServerProcess[];
  /** Past pgbouncer. */
  readonly databaseUrl: string;
  /** Stops Redis as a crash would; `start` brings an empty one back at the same address. */
  readonly redis: { stop(): Promise<void>; start(): Promise<void> };
  dispose(): Promise<void>;
}

export interface ClusterOptions {
  environment?: Record<string, string>;
}

const deploy = new URL('../../deploy/', import.meta.url).pathname;
/** As many as the file of nginx names. */
const serverCount = 3;
const secretKey = 'one secret for all the servers of a cluster';

/** Starts everything; what was started is stopped again where a part fails. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-cluster-'));
  // Open to passage, so that PostgreSQL's own user reaches its part of it.
  chmodSync(folder, 0o711);
  const stops: (() => Promise<unknown>)[] = [async () => removePlace(folder)];
  const dispose = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const postgres = await startEmbeddedPostgres({
      dataDir: folder,
      settings: { max_connections: '200' },
    });
    stops.push(() => postgres.stop());
    const pooled = await startPgbouncer(folder, postgres, stops);
    const redis = await startRedis();
    stops.push(() => redis.dispose());
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const servers = await startServers(options, stops, {
      // Each reaches its own sandbox under it, without the way round.
      SLUICE_PUBLIC_URL: url,
      ...{ DATABASE_URL: pooled, DATABASE_DIRECT_URL: postgres.url },
      ...{ REDIS_URL: redis.url, SLUICE_SECRET_KEY: secretKey, TRUSTED_PROXIES: '127.0.0.1' },
    });
    await startNginx(port, servers, stops);
    return { url, servers, databaseUrl: postgres.url, redis, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type Stops = (() => Promise<unknown>)[];

/** The first makes the tables and the sign-ins, then the others start side by side. */
async function startServers(
  { environment }: ClusterOptions,
  stops: Stops,
  shared: Record<string, string>,
): Promise<ServerProcess[]> {
  const start = async (prepare: (dataDir: string) => void) => {
    const server = await startServer({ environment: { ...shared, ...environment }, prepare });
    stops.push(() => server.dispose());
    return server;
  };
  const first = await start(() => undefined);
  // One upstream key for all sandboxes: the channel that calls go through has but one.
  const others = Array.from({ length: serverCount - 1 }, () =>
    start((dataDir) => {
      cpSync(join(first.dataDir, 'sandbox'), join(dataDir, 'sandbox'), { recursive: true });
    }),
  );
  return [first, ...(await Promise.all(others))];
}

async function startPgbouncer(
  folder: string,
  postgres: EmbeddedPostgres,
  stops: Stops,
): Promise<string> {
  const port = await freePort();
  const socket = new URL(postgres.url).searchParams.get('host');
  const databases = join(folder, 'databases.ini');
  write(databases, `[databases]\nsluice = host=${socket} dbname=sluice user=sluice\n`);
  const settings = adapt(join(deploy, 'pgbouncer/pgbouncer.ini'), {
    '%include /tmp/databases.ini': `%include ${databases}`,
    'listen_addr = 0.0.0.0': 'listen_addr = 127.0.0.1',
    'listen_port = 6432': `listen_port = ${port}`,
    // Whoever reaches the loopback address of this machine is let in, as by PostgreSQL's socket.
    'auth_type = plain': 'auth_type = any\nunix_socket_dir =',
    'auth_file = /tmp/users.txt': '',
  });
  const file = join(folder, 'pgbouncer.ini');
  write(file, settings);
  // It refuses to run as root, and the socket lets in PostgreSQL's user alone.
  const pgbouncer = await startProgram({
    command: 'pgbouncer',
    args: ['-q', file],
    port,
    account: postgresAccount(),
  });
  stops.push(() => pgbouncer.stop('SIGINT'));
  return `postgres://sluice@127.0.0.1:${port}/sluice`;
}

async function startNginx(
  port: number,
  servers: readonly ServerProcess[],
  stops: Stops,
): Promise<void> {
  const prefix = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-nginx-'));
  stops.push(async () => rmSync(prefix, { recursive: true, force: true }));
  const upstream = adapt(join(deploy, 'nginx/upstream.conf'), {
    ...Object.fromEntries(
      servers.map((server, index) => [
        `server server-${index + 1}:9000`,
        `server 127.0.0.1:${server.port}`,
      ]),
    ),
  });
  write(join(prefix, 'upstream.conf'), upstream);
  const site = adapt(join(deploy, 'nginx/sluice.conf'), {
    'listen 8080;': `listen 127.0.0.1:${port};`,
  });
  write(join(prefix, 'sluice.conf'), site);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${prefix};`,
  );
  const lines = [
    `pid ${prefix}/nginx.pid;`,
    'error_log stderr warn;',
    'worker_processes 1;',
    'daemon off;',
    'worker_rlimit_nofile 16384;',
    'events { worker_connections 8192; }',
    'http {',
    '  access_log off;',
    ...paths,
    '  include sluice.conf;',
    '}',
  ];
  write(join(prefix, 'nginx.conf'), `${lines.join('\n')}\n`);
  const nginx = await startProgram({
    command: 'nginx',
    args: ['-p', prefix, '-e', 'stderr', '-c', join(prefix, 'nginx.conf')],
    port,
  });
  stops.push(() => nginx.stop('SIGQUIT'));
}

/** The file with some of its lines as this machine needs them; each must be there, so that the files cannot drift apart. */
function adapt(file: string, changes: Record<string, string>): string {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" any more.`);
    text = text.replace(from, to);
  }
  return text;
}

/** Readable by the users that the programs run as. */
function write(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o644 });
}
