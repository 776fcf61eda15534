import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from './journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-journal-'));
const path = join(folder, 'records.jsonl');

beforeEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (recordsMax = 3) => new Journal<{ id: string; n: number }>({ path, recordsMax });

describe('Journal', () => {
  test('gives back after a restart what was put last', () => {
    const first = open();
    first.put({ id: 'a', n: 1 });
    first.put({ id: 'b', n: 1 });
    first.put({ id: 'a', n: 2 });
    first.remove('b');
    first.close();
    expect(open().all()).toEqual([{ id: 'a', n: 2 }]);
  });

  test('forgets the oldest beyond its limit', () => {
    const journal = open();
    for (let n = 0; n < 5; n += 1) journal.put({ id: `r${n}`, n });
    expect(journal.all().map((record) => record.n)).toEqual([2, 3, 4]);
    journal.close();
    expect(open().all()).toHaveLength(3);
  });

  test('keeps its file in bounds', () => {
    const journal = open();
    for (let n = 0; n < 100; n += 1) journal.put({ id: 'a', n });
    journal.close();
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(20);
    expect(open().get('a')).toEqual({ id: 'a', n: 99 });
  });

  test('survives half a line at its end', () => {
    const journal = open();
    journal.put({ id: 'a', n: 1 });
    journal.close();
    appendFileSync(path, '{"id":"b","n"');
    expect(open().all()).toEqual([{ id: 'a', n: 1 }]);
  });
});
