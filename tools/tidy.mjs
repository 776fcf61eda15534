/** Puts right what can be put right without a person: format, imports, safe lint fixes, `contract/openapi.json`. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

const steps = [
  [join(root, 'tools/openapi.ts')],
  [biome, 'check', '--write', '--max-diagnostics=50'],
];

for (const args of steps) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
