/** Which Node runs the product: the pinned one that came with `npm ci`, else the one we run on, if it is new enough. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Explained, root } from './place.mjs';

/** Since this version Node runs TypeScript as it is. */
const oldest = [22, 19];

/**
 * The path of the Node to use.
 * @throws Explained when there is none.
 */
export function findNode() {
  const extension = process.platform === 'win32' ? '.exe' : '';
  const pinned = join(
    root,
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin',
    `node${extension}`,
  );
  if (spawnSync(pinned, ['--version'], { stdio: 'ignore' }).status === 0) return pinned;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new Explained(
    `Sluice needs Node ${oldest.join('.')} or newer here, because no pinned Node is installed for ${process.platform} on ${process.arch} (this is ${process.versions.node}): install Node 24 from https://nodejs.org, then try again.`,
  );
}

/** Whether a version such as `22.19.0` can run the product. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
