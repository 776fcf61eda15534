/** Begins a provider in a copy of the tree: it passes every check as a draft, and its suite is red. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paymentProviders } from './lints/payment-providers.ts';
import { readSource } from './lints/source.ts';

const repository = resolve(import.meta.dirname, '..');
const providers = 'server/src/domains/payments/providers';
const copied = ['server/src', 'sandbox', 'contract', 'tools', 'package.json', 'tsconfig.json'];
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'sluice-new-provider-'));
  for (const part of [...copied, 'biome.json', 'server/package.json']) {
    cpSync(join(repository, part), join(copy, part), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  // No database is needed, so none is started.
  writeFileSync(join(copy, 'vitest.config.ts'), 'export default { test: {} };\n');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', VITEST: '', VITEST_WORKER_ID: '' },
  });
  return { status, said: stdout + stderr };
};
const begin = (...args: string[]) => run('tools/new-provider.mjs', ...args);
const complaints = () =>
  paymentProviders(readSource(copy).filter(({ path }) => path.includes('square')));

describe('new-provider', () => {
  test('writes a draft that is formatted, compiles, and is in no list', () => {
    expect(begin('square')).toMatchObject({ status: 0 });
    const biome = join(copy, 'node_modules/@biomejs/biome/bin/biome');
    const written = [`${providers}/square`, 'sandbox/src/square'];
    expect(run(biome, 'check', '--vcs-enabled=false', ...written)).toMatchObject({ status: 0 });
    const files = [`${providers}/square/suite.test.ts`];
    writeFileSync(
      join(copy, 'tsconfig.square.json'),
      JSON.stringify({ extends: './tsconfig.json', include: [], files }),
    );
    const types = run(
      join(copy, 'node_modules/@typescript/native/bin/tsc'),
      '--noEmit',
      '-p',
      'tsconfig.square.json',
    );
    expect(types.said).not.toContain('Cannot find module');
    expect(types.said.split('\n').filter((line) => line.includes('square'))).toEqual([]);
    expect(complaints()).toEqual([]);
    expect(readFileSync(join(copy, providers, 'index.ts'), 'utf8')).not.toContain('square');
  }, 60_000);

  test('its suite is red until it is done', () => {
    const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
    const { status, said } = run(vitest, 'run', `${providers}/square`, '--testTimeout=9000');
    expect(status).toBe(1);
    expect(said).toMatch(/takes the settings of its simulator/);
    expect(said).toMatch(/\d+ failed/);
    // It is red for what is missing, and what needs nothing is green.
    expect(said).toMatch(/\d+ passed/);
  }, 90_000);

  test('does not ship before its draft ends, and not without a suite', () => {
    const door = join(copy, providers, 'square/index.ts');
    const list = join(copy, providers, 'index.ts');
    const [draft, shipped] = [readFileSync(door, 'utf8'), readFileSync(list, 'utf8')];
    const messages = () =>
      paymentProviders(
        readSource(copy).filter(
          ({ path }) => path === `${providers}/index.ts` || /square/.test(path),
        ),
      )
        .filter(({ path }) => path.includes('square'))
        .map(({ message }) => message);
    writeFileSync(list, `import { square } from './square/index.ts';\n${shipped}`);
    expect(messages()).toEqual([expect.stringContaining('A draft does not ship')]);
    writeFileSync(door, draft.replace('  draft: true,\n', ''));
    expect(messages()).toEqual([]);
    writeFileSync(list, shipped);
    expect(messages()).toEqual([expect.stringContaining('in no list')]);
    rmSync(join(copy, providers, 'square/suite.test.ts'));
    expect(messages()).toContainEqual(expect.stringContaining('Nothing judges it'));
  });

  test('refuses a name that is none, and one that is taken', () => {
    for (const name of ['Square', 'a', '../x', 'a-b']) {
      expect(begin(name)).toMatchObject({ status: 1, said: expect.stringContaining('An id has') });
    }
    expect(begin('credit')).toMatchObject({ status: 1, said: expect.stringContaining('already') });
    expect(begin()).toMatchObject({ status: 1 });
  });
});
