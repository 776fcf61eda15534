/** Builds the web app when its sources have changed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Explained, hashOf, isMarked, mark, root, unmark } from './place.mjs';

export const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');

/** @throws Explained when it does not build. */
export function ensureWebBuilt(node) {
  const hash = hashOf(['web', 'contract/src', 'package-lock.json']);
  if (isMarked('web', hash) && existsSync(join(root, 'web/dist/index.html'))) return;
  console.log('Building the web app …');
  unmark('web');
  const startedMs = Date.now();
  const built = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'web'),
    encoding: 'utf8',
  });
  if (built.status !== 0) {
    throw new Explained(
      `The web app did not build; what Vite said follows.\n${built.stdout ?? ''}${built.stderr ?? ''}${built.error?.message ?? ''}`,
    );
  }
  mark('web', hash);
  console.log(`Built in ${((Date.now() - startedMs) / 1000).toFixed(0)} s.`);
}
