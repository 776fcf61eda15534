import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { fakeClocks } from '../testkit/clock.ts';
import { createHttpApp } from './app.ts';
import { registerWebApp } from './web-app.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-web-'));
let app: FastifyInstance;

beforeAll(async () => {
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Sluice</title>');
  const config = readConfig({ EMBED_ORIGINS: 'https://app.example.com, http://localhost:3000' });
  const clocks = fakeClocks('2026-03-04T10:00:00Z');
  app = await createHttpApp({ config, clocks, log: createLog('silent') });
  await registerWebApp(app, directory, config.embedOrigins);
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

const policyOf = async (url: string) =>
  String((await app.inject({ url })).headers['content-security-policy']);

test('only pay pages may be shown within another page, and only by the origins that are named', async () => {
  expect(await policyOf('/pay/il_1')).toContain(
    'frame-ancestors https://app.example.com http://localhost:3000;',
  );
  for (const url of ['/', '/billing', '/payments', '/api/v1/pay/il_1', '/x?/pay/il_1']) {
    expect(await policyOf(url), url).toContain("frame-ancestors 'none'");
  }
});

test('an address that is no origin is refused', () => {
  for (const wrong of ['app.example.com', 'https://app.example.com/path', "'self'", '*']) {
    expect(() => readConfig({ EMBED_ORIGINS: wrong })).toThrow(/EMBED_ORIGINS: must be origins/);
  }
});
