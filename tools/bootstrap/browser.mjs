/** The browser and the Chinese font that the browser suite needs; installed where that may be done without asking. */
import { spawnSync } from 'node:child_process';
import { canInstall, install } from './packages.mjs';

/** The shell is all that is tested here, without the parts of a desktop: it starts in half the time. */
const shell = 'chromium-headless-shell';
const browsers = [shell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Undefined when the browser suite can run, else a sentence that says what is missing and how to get it. */
export function missingForBrowser() {
  const missing = missingPackages();
  if (missing.length === 0) return undefined;
  if (canInstall()) install(missing, 'the browser suite');
  // Older Debians have no package of the shell.
  if (canInstall() && !hasBrowser())
    install(['chromium', ...missing.slice(1)], 'the browser suite');
  if (hasBrowser()) return undefined;
  return `Chromium is not installed: on Debian run apt-get install -y ${shell} fonts-wqy-zenhei as root, elsewhere install Chrome or Chromium on the path.`;
}

function missingPackages() {
  const missing = [];
  if (!hasBrowser()) missing.push(shell);
  if (process.platform === 'linux' && !hasChineseFont()) {
    missing.push('fontconfig', 'fonts-wqy-zenhei');
  }
  return missing;
}

function hasBrowser() {
  return browsers.some((name) => succeeds(name, ['--version']));
}

/** Without a Chinese font the journey still passes, but its pictures show boxes. */
function hasChineseFont() {
  const listed = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  return listed.status === 0 && listed.stdout.trim() !== '';
}

function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
