import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { completeLock } from '../complete-lockfile.mjs';
import { explain, isInstalled } from './install.mjs';
import { temporaryFolder } from './memory.mjs';
import { isNewEnough } from './node.mjs';
import { isMissing } from './programs.mjs';
import { countsOfChecks, countsOfVitest, leftOut, summaryOf } from './test.mjs';

describe('isNewEnough', () => {
  test.each([
    ['18.20.0', false],
    ['20.20.2', false],
    ['22.18.9', false],
    ['22.19.0', true],
    ['23.0.0', true],
    ['24.21.0', true],
  ])('Node %s: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});

describe('isMissing', () => {
  test.each([
    ['one that is there', process.execPath, false],
    ['one that is there and does not know --version', 'false', false],
    ['one that is not', 'no-such-program-anywhere', true],
  ])('finds %s', (_, program, expected) => {
    expect(isMissing(program)).toBe(expected);
  });
});

describe('temporaryFolder', () => {
  test('is what the environment says, where it says something', () => {
    expect(temporaryFolder({ TMPDIR: '/somewhere' })).toBe('/somewhere');
  });

  test('is a folder that is there, or the usual one', () => {
    const folder = temporaryFolder({});
    expect(folder === undefined || existsSync(folder)).toBe(true);
  });
});

describe('isInstalled', () => {
  const lock = (packages) => ({ packages });

  test('needs every locked package in its version, but for those of other platforms', () => {
    const locked = lock({
      '': {},
      web: {},
      'node_modules/pg': { version: '8.23.1' },
      'node_modules/for-another-system': { version: '1.0.0', optional: true },
    });
    expect(isInstalled(locked, lock({ 'node_modules/pg': { version: '8.23.1' } }))).toBe(true);
    expect(isInstalled(locked, lock({ 'node_modules/pg': { version: '8.23.0' } }))).toBe(false);
    expect(isInstalled(locked, lock({}))).toBe(false);
    expect(isInstalled(locked, undefined)).toBe(false);
  });
});

describe('explain', () => {
  test('names the network when npm could not reach the registry', () => {
    const text = explain(1, 'npm error code EAI_AGAIN\nnpm error request failed');
    expect(text).toMatch(/could not be downloaded \(EAI_AGAIN\): check the network/);
  });

  test('says that npm is missing', () => {
    expect(explain(Object.assign(new Error('spawn'), { code: 'ENOENT' }), '')).toMatch(
      /npm was not found/,
    );
  });

  test('passes on what npm said about anything else', () => {
    expect(explain(1, 'npm error Invalid: lock file')).toMatch(/failed \(1\).*\n.*lock file/);
  });
});

describe('package-lock.json', () => {
  test('names the packages of every platform, or npm ci refuses it (tools/complete-lockfile.mjs mends it)', () => {
    const path = new URL('../../package-lock.json', import.meta.url);
    const lock = JSON.parse(readFileSync(path, 'utf8'));
    const complete = Object.keys(completeLock(lock).packages);
    expect(new Set(complete)).toEqual(new Set(Object.keys(lock.packages)));
  });
});

describe('the sum of all suites', () => {
  test('counts tests and checks together, and ends with the line that is read by machines', () => {
    const suites = [
      { name: 'checks', ...countsOfChecks(0, 'types ✓\n9 passed, 0 failed\n') },
      { name: 'unit', ...countsOfVitest(0, { numPassedTests: 30, numFailedTests: 0 }) },
    ];
    expect(summaryOf(suites).at(-1)).toBe('39 passed, 0 failed');
  });

  test('says what was skipped', () => {
    const results = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 };
    const suites = [{ name: 'unit', ...countsOfVitest(0, results) }];
    expect(summaryOf(suites).at(-1)).toBe('1 passed, 0 failed, 3 skipped');
  });

  test.each([
    [
      'a run that ended badly without a failed test',
      countsOfVitest(1, { numPassedTests: 5, numFailedTests: 0 }),
    ],
    ['a run that left no results', countsOfVitest(0, undefined)],
    ['checks that broke before their last line', countsOfChecks(0, 'types ✓\n')],
    ['checks that say zero but end badly', countsOfChecks(1, '3 passed, 0 failed\n')],
  ])('counts %s as a failure', (_what, counts) => {
    expect(counts.failed).toBe(1);
  });

  test('takes a suite that was left out for a failure only where nobody reads along', () => {
    expect(leftOut('browser', 'No browser.', {})).toMatchObject({ failed: 0, skipped: 1 });
    expect(leftOut('browser', 'No browser.', { CI: 'true' })).toMatchObject({
      failed: 1,
      skipped: 0,
    });
  });
});
