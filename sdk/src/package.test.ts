/** The package as it is installed: built once, then used from outside as services do. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const sdk = new URL('..', import.meta.url).pathname;
const modules = new URL('../../node_modules', import.meta.url).pathname;
const clientBytesMax = 10_000;
let project: string;
let installed: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'sluice-sdk-'));
  installed = join(project, 'node_modules/@sluice/sdk');
  mkdirSync(installed, { recursive: true });
  cpSync(join(sdk, 'package.json'), join(installed, 'package.json'));
  for (const name of ['express', 'fastify', 'hono', '@types']) {
    symlinkSync(join(modules, name), join(project, 'node_modules', name));
  }
  await run(process.execPath, [join(sdk, 'build.mjs'), '--out', join(installed, 'dist')]);
}, 60_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

const entries = ['@sluice/sdk', '@sluice/sdk/express', '@sluice/sdk/fastify', '@sluice/sdk/hono'];

function write(name: string, text: string): string {
  const path = join(project, name);
  writeFileSync(path, text);
  return path;
}

/** What somebody's bundler makes of a program that uses the package. */
async function bundled(program: string, format: 'esm' | 'iife' = 'esm'): Promise<string> {
  const input = write('program.js', program);
  const build = await rolldown({ input, platform: 'neutral' });
  const { output } = await build.generate({ format, minify: true, name: 'program' });
  await build.close();
  return output[0].code;
}

describe('the package', () => {
  it('is imported by ES modules', async () => {
    const file = write(
      'all.mjs',
      `${entries.map((name, index) => `import * as m${index} from '${name}';`).join('\n')}
      console.log(JSON.stringify([${entries.map((_, index) => `Object.keys(m${index})`)}]));`,
    );
    const { stdout } = await run(process.execPath, [file]);
    const [client, ...frameworks] = JSON.parse(stdout);
    expect(client).toContain('createSluice');
    for (const names of frameworks) {
      expect(names).toEqual(['featureRequired', 'quotaRequired', 'rateLimit', 'sluice']);
    }
  });

  it('is required by CommonJS, with one class for each error', async () => {
    const file = write(
      'all.cjs',
      `const all = ${JSON.stringify(entries)}.map((name) => require(name));
      const { createSluice, SluiceError, QuotaExceededError } = all[0];
      const options = { baseUrl: 'http://127.0.0.1:1', applicationKey: 'ak-1', failure: 'closed' };
      console.log(typeof createSluice(options).withAccess, QuotaExceededError.prototype instanceof SluiceError, all.length);`,
    );
    const { stdout } = await run(process.execPath, [file]);
    expect(stdout).toBe('function true 4\n');
  });

  it.each(['mts', 'cts'])('is typed for .%s files under node16 resolution', async (extension) => {
    const file = write(
      `typed.${extension}`,
      `import { createSluice, QuotaExceededError, type Permit } from '@sluice/sdk';
      import { sluice, quotaRequired } from '@sluice/sdk/express';
      import { sluice as forFastify, rateLimit } from '@sluice/sdk/fastify';
      import { sluice as forHono, featureRequired } from '@sluice/sdk/hono';
      import express = require('express');
      `.replace(
        /import express.*\n/,
        extension === 'mts'
          ? `import express from 'express';\n`
          : `import express = require('express');\n`,
      ) +
        `import { fastify } from 'fastify';
      import { Hono } from 'hono';
      const client = createSluice({ baseUrl: 'https://a.example', applicationKey: 'ak-1', failure: 'open' });
      export const permit: Promise<Permit> = client.authorize({ subject: { user: 'usr_1' }, estimate: { a: 1 } });
      export const until = (error: QuotaExceededError): Date | null => error.resetsAt;
      // @ts-expect-error: it is a choice
      createSluice({ baseUrl: 'https://a.example', applicationKey: 'ak-1' });
      express()
        .use(sluice({ client, subject: (request) => request.get('x-user') }))
        .post('/', quotaRequired('analyses', { quantity: 2 }), (request, response) => {
          request.sluice.use('tokens', 120);
          response.json(request.sluice.limits);
        });
      const server = fastify();
      server.register(forFastify({ client, subject: (request) => request.hostname }));
      server.get('/', { preHandler: rateLimit({ perMinute: 60 }) }, async (request) => request.sluice.subject);
      new Hono().use(forHono({ client })).get('/', featureRequired('sso'), (context) => {
        context.get('sluice').use('tokens', '1.5');
        return context.text('ok');
      });
      `,
    );
    const compiler = join(modules, '@typescript/native/bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'node16',
      '--target',
      'es2022',
    ];
    const work = run(process.execPath, [compiler, ...flags, '--types', 'node', file], {
      cwd: project,
    });
    await work.catch(({ stdout }) => expect.fail(stdout));
  });

  it('packs what is built and nothing else', async () => {
    const packed = readdirSync(join(installed, 'dist'), { recursive: true }).map(String);
    expect(packed.filter((name) => /test|\.map$/.test(name))).toEqual([]);
    const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const named = JSON.stringify(exports).match(/\.\/dist\/[\w.]+/g) ?? [];
    expect(named).toHaveLength(16);
    for (const path of named) expect(packed).toContain(path.replace('./dist/', ''));
  });

  it('has a client under 10 kB', async () => {
    const code = await bundled(`export * from '@sluice/sdk';`);
    expect(code).toContain('/api/v1/access/authorize');
    expect(gzipSync(code).length).toBeLessThan(clientBytesMax);
  });

  it('brings no client where only verifyWebhook is imported', async () => {
    const code = await bundled(`export { verifyWebhook } from '@sluice/sdk';`);
    expect(code).toContain('webhook-signature');
    expect(code).not.toContain('/api/v1/');
    expect(code).not.toContain('fetch');
  });

  it('runs where there is nothing but what every runtime of the web has', async () => {
    const code = await bundled(`export * from '@sluice/sdk';`, 'iife');
    expect(code).not.toMatch(/node:|require\(|\bprocess\b|\bBuffer\b/);
    const asked: string[] = [];
    const edge = createContext({
      fetch: async (address: string) => {
        asked.push(address);
        return Response.json({ decision: 'permit', limits: [] });
      },
      crypto,
      Headers,
      URLSearchParams,
      AbortController,
      TextEncoder,
      TextDecoder,
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
      atob,
    });
    const result = await runInContext(
      `${code};
      program.createSluice({ baseUrl: 'https://a.example', applicationKey: 'ak-1', failure: 'closed' })
        .withAccess({ subject: { user: 'u' }, estimate: { a: 1 } }, async (access) => typeof process + access.permit.decision);`,
      edge,
    );
    expect(result).toBe('undefinedpermit');
    expect(asked).toEqual([
      'https://a.example/api/v1/access/authorize',
      'https://a.example/api/v1/access/settle',
    ]);
  });
});
