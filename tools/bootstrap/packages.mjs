/** Debian's packages, installed where that may be done without asking. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

/** Installs packages for what is named; whether it worked, look yourself. */
export function install(packages, purpose) {
  console.log(`Installing ${packages.join(' and ')} for ${purpose} …`);
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  // The lists may be missing or old.
  if (!apt(args) && apt(['update'])) apt(args);
}

function apt(args) {
  // A server that comes along is for the tests to start: its package starts none, by systemd or by an init script.
  const still = { SYSTEMD_OFFLINE: '1', RUNLEVEL: '1' };
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...still };
  const run = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' });
  if (run.status === 0) return true;
  console.log((run.stderr ?? run.error?.message ?? '').trimEnd().split('\n').slice(-3).join('\n'));
  return false;
}
