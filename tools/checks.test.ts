import { describe, expect, test } from 'vitest';
import { allChecks, program } from './checks.ts';
import { lints } from './lints/all.ts';
import { runChecks } from './run-checks.ts';

describe('runChecks', () => {
  test('counts what passed and what failed, and shows only what failed', async () => {
    const { lines, tally } = await report(
      { name: 'fine', run: async () => [] },
      { name: 'broken', run: async () => ['a.ts:1: mend it'] },
    );
    expect(tally).toEqual({ passed: 1, failed: 1 });
    expect(lines[0]).toMatch(/^✓ fine +0[.]\d s$/);
    expect(lines[1]).toMatch(/^✗ broken /);
    expect(lines[2]).toContain('a.ts:1: mend it');
    expect(lines.at(-1)?.trim()).toBe('1 passed, 1 failed');
  });

  test('a check that throws has failed, and the others still run', async () => {
    const { lines, tally } = await report(
      {
        name: 'throws',
        run: async () => {
          throw new Error('no such file');
        },
      },
      { name: 'fine', run: async () => [] },
    );
    expect(tally).toEqual({ passed: 1, failed: 1 });
    expect(lines.join('\n')).toContain('no such file');
  });
});

describe('program', () => {
  const node = (script: string) => program('node', process.execPath, ['-e', script]).run();

  test('passes on exit 0, whatever it printed', async () => {
    expect(await node('console.log("hello")')).toEqual([]);
  });

  test('complains with what it printed', async () => {
    expect(await node('console.error("wrong"); process.exit(2)')).toEqual(['wrong']);
  });

  test('fails even if it said nothing', async () => {
    expect(await node('process.exit(3)')).toEqual([expect.stringContaining('exit code 3')]);
  });

  test('fails when the program is not there', async () => {
    const complaints = await program('x', 'no-such-program-here', []).run();
    expect(complaints).toEqual([expect.stringContaining('did not start')]);
  });
});

test('all checks hold every lint, each under a name of its own', () => {
  const names = allChecks().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(lints)));
  expect(new Set(names).size).toBe(names.length);
});

async function report(...checks: Parameters<typeof runChecks>[0]) {
  const lines: string[] = [];
  const tally = await runChecks(checks, (line) => lines.push(line));
  return { lines, tally };
}
