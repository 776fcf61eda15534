/** `npm test` and `npm run test:long`: runs the suites one after the other and sums them up in one last line. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingForBrowser } from './browser.mjs';
import { temporaryFolder } from './memory.mjs';
import { Explained, root } from './place.mjs';
import {
  missingForCluster,
  missingForGuides,
  missingForLdap,
  missingForRedis,
} from './programs.mjs';
import { exitCodeOf, runProgram } from './run.mjs';
import { ensureWebBuilt } from './web.mjs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, note?: string }} Suite */

/** Runs what belongs to the selection, `default` or `long`, and answers the exit code. */
export async function runTests(node, selection) {
  const suites = [];
  const folder = temporaryFolder();
  if (folder) process.env.TMPDIR = folder;
  if (selection === 'long') {
    suites.push(await runVitest(node, 'long', []));
  } else {
    suites.push(await runChecks(node));
    suites.push(...(await runUnits(node)));
    suites.push(...(await runEndToEnd(node)));
  }
  for (const line of summaryOf(suites)) console.log(line);
  return suites.every((suite) => suite.failed === 0) ? 0 : 1;
}

function runUnits(node) {
  return runWithout(node, { name: 'unit and integration', args: [] }, [
    { name: 'redis', args: ['--project', '!redis'], reason: missingForRedis() },
    { name: 'ldap', args: ['--project', '!ldap'], reason: missingForLdap() },
  ]);
}

async function runEndToEnd(node) {
  try {
    ensureWebBuilt(node);
  } catch (error) {
    if (!(error instanceof Explained)) throw error;
    console.error(error.message);
    return [{ name: 'end to end', passed: 0, failed: 1, skipped: 0, note: 'no web app' }];
  }
  return runWithout(node, { name: 'end to end', args: ['--mode', 'e2e'] }, [
    { name: 'browser', args: without('**/*.browser.test.ts'), reason: missingForBrowser() },
    { name: 'guides', args: without('**/guides/*.test.ts'), reason: missingForGuides() },
    { name: 'directory', args: without('**/directory.browser.test.ts'), reason: missingForLdap() },
    { name: 'cluster', args: without('**/cluster/*.test.ts'), reason: missingForCluster() },
  ]);
}

/** Of use in a project without an `exclude` of its own. */
function without(files) {
  return ['--exclude', files];
}

/** Leaves out the parts that have a reason to be. */
async function runWithout(node, { name, args }, parts) {
  const missing = parts.filter(({ reason }) => reason !== undefined);
  return [
    await runVitest(node, name, [...args, ...missing.flatMap((part) => part.args)]),
    ...missing.map((part) => leftOut(part.name, part.reason)),
  ];
}

/** A suite that cannot run here is a failure where nobody would read the note. */
export function leftOut(name, reason, environment = process.env) {
  const isFailure = environment.CI === 'true';
  const note = `left out. ${reason}`;
  return { name, passed: 0, failed: isFailure ? 1 : 0, skipped: isFailure ? 0 : 1, note };
}

async function runChecks(node) {
  const child = spawn(node, ['tools/check.mjs'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
    process.stdout.write(chunk);
  });
  const closed = new Promise((done) => child.once('close', done));
  const code = await exitCodeOf(child);
  await closed;
  return { name: 'checks', ...countsOfChecks(code, printed) };
}

/** The checks end with `N passed, N failed`; without that line they broke, and that is one failure. */
export function countsOfChecks(code, printed) {
  const found = [...printed.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const passed = Number(found?.[1] ?? 0);
  const failed = Number(found?.[2] ?? 0);
  return { passed, failed: code === 0 && found ? failed : Math.max(failed, 1), skipped: 0 };
}

async function runVitest(node, name, args) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-results-'));
  const file = join(folder, 'results.json');
  const mode = name === 'long' ? ['--mode', 'long'] : [];
  try {
    const code = await runProgram(
      node,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
        ...mode,
        ...args,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    return { name, ...countsOfVitest(code, readResults(file)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file that does not load, or an error outside of any test, has no failed test: it counts as one. */
export function countsOfVitest(code, results) {
  const failed = results?.numFailedTests ?? 0;
  return {
    passed: results?.numPassedTests ?? 0,
    failed: code === 0 && results ? failed : Math.max(failed, 1),
    skipped: (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0),
  };
}

function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @param {Suite[]} suites */
export function summaryOf(suites) {
  const sum = (key) => suites.reduce((total, suite) => total + suite[key], 0);
  return [
    '',
    ...suites.map((suite) => `${suite.name.padEnd(22)} ${suite.note ?? countsText(suite)}`),
    countsText({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }),
  ];
}

function countsText({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
