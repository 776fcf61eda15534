/** Programs of the system that some suites need; installed where that may be done without asking. */
import { spawnSync } from 'node:child_process';
import { canInstall, install } from './packages.mjs';

/** Undefined when the guides can be tried, else a sentence that says what is missing and how to get it. */
export function missingForGuides() {
  return missingFor('the guides', ['curl', 'jq', 'python3']);
}

/** Likewise for the tests of what servers share through Redis. */
export function missingForRedis() {
  return missingFor('the tests with Redis', ['redis-server']);
}

/** Likewise for the tests with a directory of people. */
export function missingForLdap() {
  return missingFor('the tests with LDAP', ['slapd', 'openssl']);
}

/** Likewise for the cluster on one machine. */
export function missingForCluster() {
  return missingFor('the cluster', ['redis-server', 'pgbouncer', 'nginx']);
}

/** Debian's packages have the names of the programs. */
function missingFor(purpose, programs) {
  const missing = programs.filter(isMissing);
  if (missing.length > 0 && canInstall()) install(missing, purpose);
  const still = programs.filter(isMissing);
  if (still.length === 0) return undefined;
  return `${still.join(' and ')} not found: on Debian run apt-get install -y ${still.join(' ')} as root.`;
}

/** Not all of them know --version, but all that are there start; a server may be where only root looks. */
export function isMissing(program) {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  return spawnSync(program, ['--version'], { stdio: 'ignore', env }).error !== undefined;
}
