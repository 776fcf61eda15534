/** The programs that the guides are tried with; installed where that may be done without asking. */
import { spawnSync } from 'node:child_process';
import { canInstall, install } from './packages.mjs';

const programs = ['curl', 'jq', 'python3'];

/** Undefined when the guides can be tried, else a sentence that says what is missing and how to get it. */
export function missingForGuides() {
  const missing = missingPrograms();
  if (missing.length > 0 && canInstall()) install(missing, 'the guides');
  const still = missingPrograms();
  if (still.length === 0) return undefined;
  return `${still.join(' and ')} not found: on Debian run apt-get install -y ${still.join(' ')} as root.`;
}

function missingPrograms() {
  return programs.filter(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status !== 0,
  );
}
