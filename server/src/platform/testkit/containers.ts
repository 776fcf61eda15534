/** What the files for containers say, asked of the real programs; no container is started. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';

/** Says so where it is not: what it would check is left out. */
export function isInstalled(program: string): boolean {
  const found = spawnSync(program, ['version']).status === 0;
  if (!found) {
    process.stderr.write(`${program} is not installed: what it would check is left out.\n`);
  }
  return found;
}

export interface Composed {
  services: Record<string, { environment: Record<string, string>; ports?: unknown[] } & object>;
  secrets: Record<string, { file: string }>;
}

/**
 * The file as `docker-compose` reads it, with the `.env` beside it.
 * @throws Error with what it complains of.
 */
export function compose(folder: string, file: string): Composed {
  const read = spawnSync('docker-compose', ['--file', file, 'config'], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  });
  if (read.stderr !== '') throw new Error(read.stderr);
  return parse(read.stdout);
}

export interface Caddy {
  /** Sends a request by a connection of its own; a body makes it a POST. */
  ask(path: string, options?: { headers?: object; body?: Buffer }): Promise<IncomingMessage>;
  close(): Promise<void>;
}

/** Serves a Caddyfile for `localhost`, with a certificate of its own making. */
export async function startCaddy(folder: string, caddyfile: string): Promise<Caddy> {
  const port = await freePort();
  const here = `{\n  admin off\n  skip_install_trust\n  auto_https disable_redirects\n  https_port ${port}\n}\n`;
  const file = join(folder, `Caddyfile-${port}`);
  writeFileSync(file, here + caddyfile);
  const caddy = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      SLUICE_DOMAIN: 'localhost',
    },
    stdio: 'ignore',
  });
  const ask: Caddy['ask'] = async (path, options = {}) => {
    const sending = request({
      host: '127.0.0.1',
      port,
      path,
      servername: 'localhost',
      method: options.body ? 'POST' : 'GET',
      headers: { host: 'localhost', ...options.headers },
      // Caddy signs the name of this machine itself.
      rejectUnauthorized: false,
      agent: false,
    });
    sending.end(options.body);
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    return response;
  };
  await untilServed(caddy, ask);
  return {
    ask,
    async close() {
      if (caddy.exitCode !== null) return;
      caddy.kill();
      await once(caddy, 'exit');
    },
  };
}

async function untilServed(caddy: ChildProcess, ask: Caddy['ask']): Promise<void> {
  const isServed = () =>
    ask('/health/ready').then(
      () => true,
      () => false,
    );
  while (!(await isServed())) {
    if (caddy.exitCode !== null) throw new Error('Caddy does not take the file.');
    await sleep(50);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function textOf(response: IncomingMessage): Promise<string> {
  return Buffer.concat(await response.toArray()).toString();
}
