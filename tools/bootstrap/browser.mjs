/** The browser and the Chinese font that the browser suite needs; installed where that may be done without asking. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Undefined when the browser suite can run, else a sentence that says what is missing and how to get it. */
export function missingForBrowser() {
  const missing = missingPackages();
  if (missing.length === 0) return undefined;
  if (canInstall()) {
    console.log(`Installing ${missing.join(' and ')} for the browser suite …`);
    const isInstalled = install(missing);
    // The lists may be missing or old.
    if (!isInstalled && apt(['update'])) install(missing);
  }
  const still = missingPackages();
  if (!still.includes('chromium')) return undefined;
  return 'Chromium is not installed: on Debian run apt-get install -y chromium fonts-wqy-zenhei as root, elsewhere install Chrome or Chromium on the path.';
}

function missingPackages() {
  const missing = [];
  if (!browsers.some((name) => succeeds(name, ['--version']))) missing.push('chromium');
  if (process.platform === 'linux' && !hasChineseFont()) {
    missing.push('fontconfig', 'fonts-wqy-zenhei');
  }
  return missing;
}

/** Without a Chinese font the journey still passes, but its pictures show boxes. */
function hasChineseFont() {
  const listed = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  return listed.status === 0 && listed.stdout.trim() !== '';
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

function install(packages) {
  return apt(['install', '-y', '--no-install-recommends', ...packages]);
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' });
  if (run.status === 0) return true;
  console.log((run.stderr ?? run.error?.message ?? '').trimEnd().split('\n').slice(-3).join('\n'));
  return false;
}

function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
