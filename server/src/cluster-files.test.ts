/**
 * `compose.cluster.yaml`, read by `docker-compose`, and its Caddyfile, served by a real Caddy. No container is started.
 * Where a program is not installed, its part is left out.
 */
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from './platform/config.ts';
import { secretSettings } from './platform/secrets.ts';
import {
  type Caddy,
  type Composed,
  compose,
  isInstalled,
  startCaddy,
  textOf,
} from './platform/testkit/containers.ts';

const root = new URL('../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'sluice-cluster-files-'));
const names = ['server-1', 'server-2', 'server-3'];

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!isInstalled('docker-compose'))('the compose file of a cluster', () => {
  let composed: Composed;

  beforeAll(() => {
    copyFileSync(join(root, 'compose.cluster.yaml'), join(folder, 'compose.cluster.yaml'));
    mkdirSync(join(folder, 'secrets'));
    mkdirSync(join(folder, 'deploy/pgbouncer'), { recursive: true });
    const settings = 'SLUICE_DOMAIN=pay.example.com\nPOSTGRES_HOST=db.example.com\n';
    writeFileSync(join(folder, '.env'), `${settings}POSTGRES_PARAMETERS=?sslmode=verify-full\n`);
    composed = compose(folder, 'compose.cluster.yaml');
  });

  test('has three servers alike, begun once the tables are up to date, and stopped with time to spare', () => {
    const { services } = composed;
    expect(Object.keys(services).sort()).toEqual([
      ...['caddy', 'migrate', 'pgbouncer', 'redis'],
      ...names,
    ]);
    for (const name of names) {
      expect(services[name]).toEqual(services['server-1']);
      expect(services[name]).not.toHaveProperty('build');
    }
    expect(services['server-1']).toMatchObject({
      restart: 'unless-stopped',
      image: 'sluice',
      depends_on: { migrate: { condition: 'service_completed_successfully' } },
    });
    expect(services.migrate).toMatchObject({
      restart: 'no',
      image: 'sluice',
      build: { dockerfile: 'deploy/Dockerfile' },
      command: ['node', expect.any(String), 'server/src/cli/main.ts', 'migrate'],
    });
  });

  test('gives a server longer to stop than it takes', () => {
    const { stop_grace_period: grace, environment } = composed.services['server-1'] as {
      stop_grace_period: string;
      environment: Record<string, string>;
    };
    const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(grace) ?? [];
    // Calls in flight get 60 seconds after the delay, and the process ends 90 after it, whatever happens.
    const needed = 90 + Number(environment.SLUICE_DRAIN_DELAY);
    expect(Number(minutes) * 60 + Number(seconds)).toBeGreaterThan(needed);
  });

  test('opens only the ports of Caddy, and bounds every log', () => {
    for (const [name, service] of Object.entries(composed.services)) {
      expect([name, 'ports' in service]).toEqual([name, name === 'caddy']);
      expect(service).toMatchObject({
        logging: { options: { 'max-size': '20m', 'max-file': '5' } },
      });
    }
  });

  test('gives settings with which a server starts, and no secret among them', () => {
    const { services, secrets } = composed;
    for (const [name, { file }] of Object.entries(secrets)) {
      writeFileSync(file, `${name.repeat(4)}\n`);
    }
    const given = services['server-1']?.environment ?? {};
    expect(secretSettings.filter((name) => name in given)).toEqual(['REDIS_URL']);
    const placed = Object.entries(given).map(([name, value]) => [
      name,
      value.replaceAll('/run/secrets', join(folder, 'secrets')).replaceAll('$$', '$'),
    ]);
    const config = readConfig({ PATH: process.env.PATH, ...Object.fromEntries(placed) });
    const password = 'postgres_password'.repeat(4);
    expect(config).toMatchObject({
      mode: 'live',
      publicUrl: 'https://pay.example.com',
      databaseUrl: `postgres://sluice:${password}@pgbouncer:6432/sluice`,
      databaseDirectUrl: `postgres://sluice:${password}@db.example.com:5432/sluice?sslmode=verify-full`,
      redisUrl: 'redis://redis:6379',
      migratesOnStart: false,
      drainDelayMs: 5000,
    });
  });
});

interface Upstream {
  server: Server;
  port: number;
  isReady: boolean;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Requests that reached it, but those that ask whether it is ready. */
  served: number;
}

describe.skipIf(!isInstalled('caddy'))('the Caddyfile of a cluster', () => {
  let upstreams: Upstream[];
  let caddy: Caddy;

  beforeAll(async () => {
    upstreams = await Promise.all(names.map(openUpstream));
    let written = readFileSync(join(root, 'deploy/caddy/cluster/Caddyfile'), 'utf8');
    for (const [index, name] of names.entries()) {
      expect(written).toContain(` ${name}:9000`);
      written = written.replace(`${name}:9000`, `127.0.0.1:${upstreams[index]?.port}`);
    }
    caddy = await startCaddy(folder, written);
  });

  beforeEach(() => {
    for (const upstream of upstreams) {
      upstream.isReady = true;
      upstream.answer = (_, response) => response.end('reached');
      upstream.served = 0;
    }
  });

  afterAll(async () => {
    await caddy?.close();
    for (const { server } of upstreams) {
      server.closeAllConnections();
      server.close();
    }
  });

  const [body, path] = [Buffer.from('{}'), '/v1/chat/completions'];
  const servedBy = () => upstreams.map(({ served }) => served);

  async function askOften(times: number, ask = () => caddy.ask(path, { body })): Promise<void> {
    for (let asked = 0; asked < times; asked += 1) {
      expect((await ask()).statusCode).toBe(200);
    }
  }

  test('keeps what is for the machine itself inside', async () => {
    for (const inside of ['/metrics', '/health/ready', '/health/live']) {
      const response = await caddy.ask(inside);
      expect([response.statusCode, await textOf(response)]).toEqual([404, '']);
    }
  });

  test('gives nothing new to a server that is not ready, within the drain delay, and gives again when it is', async () => {
    const [leaving, ...others] = upstreams as [Upstream, Upstream, Upstream];
    leaving.isReady = false;
    await expect.poll(() => countedIn(leaving), { timeout: 5000, interval: 50 }).toBe(false);
    await askOften(20);
    expect(leaving.served).toBe(0);
    expect(others.every(({ served }) => served > 0)).toBe(true);
    leaving.isReady = true;
    await expect.poll(() => countedIn(leaving), { timeout: 5000, interval: 50 }).toBe(true);
  });

  /** Whether it gets any of nine requests. */
  async function countedIn(upstream: Upstream): Promise<boolean> {
    upstream.served = 0;
    await askOften(9);
    return upstream.served > 0;
  }

  test('sends a call once, even where its answer never comes', async () => {
    for (const upstream of upstreams) {
      upstream.answer = (request) => request.socket.destroy();
    }
    expect((await caddy.ask(path, { body })).statusCode).toBe(502);
    expect(servedBy().reduce((sum, served) => sum + served)).toBe(1);
  });

  test('asks another server where one cannot be reached', async () => {
    const [gone] = upstreams as [Upstream];
    gone.server.closeAllConnections();
    await new Promise((resolve) => gone.server.close(resolve));
    // Caddy hears a moment later that the connections it kept are closed; a call on one of those is not sent again.
    await sleep(200);
    // Caddy 2.6 closes a body with the connection that was not made, and cannot send it to the next.
    await askOften(20, () => caddy.ask('/v1/models'));
    expect(gone.served).toBe(0);
  });
});

async function openUpstream(): Promise<Upstream> {
  const upstream: Omit<Upstream, 'server' | 'port'> = {
    isReady: true,
    answer: (_, response) => response.end(),
    served: 0,
  };
  const server = createServer((request, response) => {
    if (request.url === '/health/ready') {
      response.writeHead(upstream.isReady ? 200 : 503).end();
      return;
    }
    upstream.served += 1;
    upstream.answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return Object.assign(upstream, { server, port: (server.address() as AddressInfo).port });
}
