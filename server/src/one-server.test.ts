/**
 * `compose.yaml`, read by `docker-compose`, and its Caddyfile, served by a real Caddy. No container is started. Where a
 * program is not installed, its part is left out.
 */
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from './platform/config.ts';
import { secretSettings } from './platform/secrets.ts';
import {
  type Caddy,
  compose,
  freePort,
  isInstalled,
  startCaddy,
  textOf,
} from './platform/testkit/containers.ts';

const root = new URL('../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'sluice-one-server-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!isInstalled('docker-compose'))('the compose file', () => {
  beforeAll(() => {
    copyFileSync(join(root, 'compose.yaml'), join(folder, 'compose.yaml'));
    mkdirSync(join(folder, 'secrets'));
    writeFileSync(join(folder, '.env'), 'SLUICE_DOMAIN=pay.example.com\nLOG_LEVEL=warn\n');
  });

  test('of one server give every part a restart, a health check of its own or its image, and bounded logs', () => {
    const { services } = compose(folder, 'compose.yaml');
    expect(Object.keys(services).sort()).toEqual(['caddy', 'postgres', 'server']);
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({
        restart: 'unless-stopped',
        logging: { options: { 'max-size': '20m', 'max-file': '5' } },
      });
    }
    expect(services.caddy).toHaveProperty('healthcheck');
    expect(services.postgres).toHaveProperty('healthcheck');
    expect(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')).toContain('\nHEALTHCHECK ');
  });

  test('of one server open only the ports of Caddy', () => {
    const { services } = compose(folder, 'compose.yaml');
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['caddy']);
  });

  test('of one server give settings with which it starts, and no secret among them', () => {
    const { services, secrets } = compose(folder, 'compose.yaml');
    for (const [name, { file }] of Object.entries(secrets)) {
      writeFileSync(file, `${name.repeat(4)}\n`);
    }
    const given = services.server?.environment ?? {};
    expect(secretSettings.filter((name) => name in given)).toEqual([]);
    const placed = Object.entries(given).map(([name, value]) => [
      name,
      value.replaceAll('/run/secrets', join(folder, 'secrets')).replaceAll('$$', '$'),
    ]);
    const config = readConfig({ PATH: process.env.PATH, ...Object.fromEntries(placed) });
    expect(config).toMatchObject({
      mode: 'live',
      publicUrl: 'https://pay.example.com',
      secretKey: 'secret_key'.repeat(4),
      adminPassword: 'admin_password'.repeat(4),
      databaseUrl: `postgres://sluice:${'postgres_password'.repeat(4)}@postgres:5432/sluice`,
      logLevel: 'warn',
    });
  });
});

describe.skipIf(!isInstalled('caddy'))('the Caddyfile', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const upstream = createServer((incoming, response) => answer(incoming, response));
  let caddy: Caddy;
  let upstreamPort: number;

  beforeAll(async () => {
    upstreamPort = await freePort();
    await listen();
    answer = (_, response) => response.end();
    const written = readFileSync(join(root, 'deploy/caddy/Caddyfile'), 'utf8');
    expect(written).toContain('server:9000');
    caddy = await startCaddy(folder, written.replace('server:9000', `127.0.0.1:${upstreamPort}`));
  });

  beforeEach(() => {
    answer = (_, response) => response.end('reached');
  });

  afterAll(async () => {
    upstream.closeAllConnections();
    upstream.close();
    await caddy?.close();
  });

  const listen = () => once(upstream.listen(upstreamPort, '127.0.0.1'), 'listening');

  const ask: Caddy['ask'] = (path, options) => caddy.ask(path, options);

  test('passes on each part of a stream as it comes', async () => {
    let part = (_: string) => {};
    answer = (_, response) => {
      response.setHeader('content-type', 'text/event-stream');
      part = (text) => response.write(text);
      part('data: 1\n\n');
    };
    const response = await ask('/v1/chat/completions', { body: Buffer.from('{}') });
    response.setEncoding('utf8');
    // The second part is written only after the first one has arrived.
    expect(await once(response, 'data')).toEqual(['data: 1\n\n']);
    part('data: 2\n\n');
    expect(await once(response, 'data')).toEqual(['data: 2\n\n']);
    response.destroy();
  });

  test('says who asks, and believes nobody else about it', async () => {
    answer = (incoming, response) => response.end(JSON.stringify(incoming.headers));
    const response = await ask('/', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(JSON.parse(await textOf(response))).toMatchObject({
      host: 'localhost',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
    });
  });

  test.each(['/metrics', '/health/ready', '/health/live'])('keeps %s inside', async (path) => {
    const response = await ask(path);
    expect([response.statusCode, await textOf(response)]).toEqual([404, '']);
  });

  test('takes bodies up to 20 MB', async () => {
    answer = (incoming, response) => {
      incoming.resume().on('end', () => response.end());
    };
    const bodyOf = (megabytes: number) => Buffer.alloc(megabytes * 1_000_000);
    expect((await ask('/', { body: bodyOf(20) })).statusCode).toBe(200);
    // Older versions of Caddy say 502, for the same reason.
    expect([413, 502]).toContain((await ask('/', { body: bodyOf(21) })).statusCode);
  });

  test('lets what is only read wait while the server is replaced', async () => {
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
    const asking = ask('/');
    await sleep(400);
    await listen();
    const response = await asking;
    expect([response.statusCode, await textOf(response)]).toEqual([200, 'reached']);
  });
});
