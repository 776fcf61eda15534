/** Everything that is checked without running the product. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { modulesSeenMin } from './layers.ts';
import { describeFinding, lints } from './lints/all.ts';
import { readSource } from './lints/source.ts';
import type { Check } from './run-checks.ts';
import { judgeLayers, seeLayers } from './see-layers.ts';

const root = resolve(import.meta.dirname, '..');
const tscOptions = ['--noEmit', '--pretty', 'false'];
const biomeOptions = ['--colors=off', '--diagnostic-level=error', '--max-diagnostics=50'];

export function allChecks(): readonly Check[] {
  const source = readSource(root);
  return [
    program('format and lint', 'biome', ['check', ...biomeOptions]),
    program('types', 'tsc', [...tscOptions, '-p', '.']),
    // The browser has other libraries and another module system.
    ...(existsSync(join(root, 'web/tsconfig.json'))
      ? [program('types of the web', 'tsc', [...tscOptions, '-p', 'web'])]
      : []),
    { name: 'layers', run: async () => judgeLayers(await seeLayers(root), modulesSeenMin) },
    program('unused code', 'knip', ['--no-progress', '--no-config-hints']),
    program('openapi.json', process.execPath, [join(root, 'tools/openapi.ts'), '--check']),
    ...Object.entries(lints).map(([name, lint]) => ({
      name,
      run: async () => lint(source).map(describeFinding),
    })),
  ];
}

/** A check that is a program of its own: exit 0 passes, else what it printed is the complaint. */
export function program(name: string, command: string, args: readonly string[]): Check {
  return { name, run: () => runProgram(command, args) };
}

function runProgram(command: string, args: readonly string[]): Promise<readonly string[]> {
  // The pinned Node comes first, because some of these programs are scripts that ask for `node`.
  const places = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH];
  const env = { ...process.env, PATH: places.join(delimiter), NO_COLOR: '1' };
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env });
    let printed = '';
    const keep = (chunk: Buffer) => {
      printed += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => done([`${command} did not start: ${error.message}`]));
    child.on('close', (code) => {
      if (code === 0) return done([]);
      const text = printed.trim() || `${command} ended with exit code ${code} and said nothing.`;
      done(text.split('\n'));
    });
  });
}
