/**
 * Every command of the handbook is run as it stands there, against one server, in the order of the pages. The Chinese
 * pages have the same blocks: `tools/lints/handbook.ts`.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../database.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { type Block, beginning, chapters, isAsPrinted, type Page } from './pages.ts';

const commandLine = new URL('../../server/src/cli/main.ts', import.meta.url).pathname;
/** Where the bootstrap keeps compiled code, too: a command is twice as fast with it. */
const compiledCode = new URL('../../node_modules/.cache/sluice', import.meta.url).pathname;
const book = new URL('../../docs/handbook/', import.meta.url).pathname;
const mark = '=== end of a block ===';

let server: ServerProcess;
/** Where whoever follows the handbook works: the files that it makes are here. */
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'sluice-handbook-'));
  environment = {
    ...server.environment,
    PATH: `${folder}/programs:${process.env.PATH}`,
    HOME: folder,
    NODE_COMPILE_CACHE: compiledCode,
    SLUICE: server.url,
    OPERATOR_PASSWORD: server.operator.password,
    CUSTOMER_PASSWORD: server.customer.password,
  };
  provideNpx();
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server?.dispose();
});

/** `npx sluice` is this command line; npm itself would only look for it. */
function provideNpx(): void {
  const npx = join(folder, 'programs', 'npx');
  const program = `"${process.execPath}" --disable-warning=ExperimentalWarning "${commandLine}"`;
  mkdirSync(dirname(npx));
  writeFileSync(npx, `#!/bin/sh\n[ "$1" = sluice ] || exit 64\nshift\nexec ${program} "$@"\n`);
  chmodSync(npx, 0o755);
}

describe('the handbook', () => {
  test('leads to each of its pages', () => {
    const files = readdirSync(book, { recursive: true, encoding: 'utf8' });
    const pages = files.filter((file) => /^(?!zh-CN).*\.md$/.test(file));
    expect(chapters.map(({ name }) => name).sort()).toEqual(
      pages.filter((file) => file !== 'README.md').sort(),
    );
  });

  test.each(chapters.filter(({ blocks }) => blocks.length > 0))('$name works', async (page) => {
    const printed = await runPage(page);
    for (const [index, { prints, text }] of page.blocks.entries()) {
      if (prints === undefined) continue;
      const is = printed[index] ?? '';
      expect(isAsPrinted(is, prints), `${text}printed\n${is}and not\n${prints}`).toBe(true);
    }
  });
});

/** What each block of a page printed. One shell runs the page, so that a name given in a block is known in the next. */
async function runPage({ name, blocks }: Page): Promise<string[]> {
  const shell = [...beginning.blocks, ...blocks].map(
    (block) => `${block.language === 'sh' ? block.text : ''}echo '${mark}'\n`,
  );
  const { code, output, errors } = await run(`set -euo pipefail\n${shell.join('')}`);
  const printed = output.split(`${mark}\n`);
  const last = [...beginning.blocks, ...blocks][printed.length - 1];
  expect(code, `${name}: ${errors}${printed.at(-1)}\nin\n${last?.text}`).toBe(0);
  const own = printed.slice(beginning.blocks.length);
  return Promise.all(blocks.map((block, index) => ask(block, own[index] ?? '')));
}

/** Questions to the database are put to it; what the shell printed stays. */
async function ask({ language, text }: Block, printed: string): Promise<string> {
  if (language === 'sh') return printed;
  const rows = await query(server, text);
  return rows.map((row) => Object.values(row).join(' | ')).join('\n');
}

function run(script: string): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-c', script], { env: environment, cwd: folder });
    let output = '';
    let errors = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    shell.stderr.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    shell.once('error', reject);
    shell.once('close', (code) => resolve({ code, output, errors }));
  });
}
