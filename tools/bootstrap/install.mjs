/** Installs the dependencies when the lockfile is not the one they came from. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Explained, hashOf, isMarked, mark, root } from './place.mjs';

/** Scripts of packages never run: nothing that we use needs one. */
const installArgs = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit'];

/** @throws Explained when they cannot be installed. */
export async function ensureInstalled() {
  const hash = hashOf(['package-lock.json']);
  if (isMarked('install', hash)) return;
  if (!isInstalled(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'))) {
    console.log('Installing dependencies with npm ci …');
    const startedMs = Date.now();
    await runNpm(installArgs);
    console.log(`Installed in ${((Date.now() - startedMs) / 1000).toFixed(0)} s.`);
  }
  mark('install', hash);
}

/** Whether npm itself noted every locked package as installed: someone ran `npm install` by hand. */
export function isInstalled(locked, installed) {
  if (!locked || !installed) return false;
  return Object.entries(locked.packages)
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.optional)
    .every(([path, entry]) => {
      const found = installed.packages[path];
      return found !== undefined && found.version === entry.version && found.link === entry.link;
    });
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Under `npm start` the same npm is used again; else whichever is on the path. */
async function runNpm(args) {
  const npm = process.env.npm_execpath;
  const isScript = npm?.endsWith('.js') && /npm-cli\.js$/.test(npm);
  const [program, first] = isScript ? [process.execPath, [npm]] : ['npm', []];
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: !isScript && process.platform === 'win32',
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  const outcome = await new Promise((done) => {
    child.once('error', (error) => done(error));
    child.once('close', (code, signal) => done(code ?? signal));
  });
  if (outcome !== 0) throw new Explained(explain(outcome, printed));
}

const networkCodes = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/;

/** Says what failed and what to do; npm's own last lines follow, for they name the package. */
export function explain(outcome, printed) {
  if (outcome?.code === 'ENOENT') {
    return 'npm was not found: install Node with npm from https://nodejs.org, then try again.';
  }
  const lines = printed.trimEnd().split('\n').slice(-12).join('\n');
  const network = networkCodes.exec(printed)?.[1];
  const sentence = network
    ? `The dependencies could not be downloaded (${network}): check the network, or a proxy in npm's configuration, then try again.`
    : `npm ci failed (${outcome instanceof Error ? outcome.message : outcome}): what it said follows; mend that, then try again.`;
  return lines ? `${sentence}\n${lines}` : sentence;
}
