import { describe, expect, test } from 'vitest';
import { lsnText, parseLsn, parseSegmentName, segmentAt, segmentName } from './lsn.ts';

const sixteenMegabytes = 16n * 1024n * 1024n;

describe('parseLsn', () => {
  test.each(['0/0', '0/18F30F8', '2A/FF000028', 'FFFFFFFF/FFFFFFFF'])('reads %s', (text) => {
    expect(lsnText(parseLsn(text))).toBe(text);
  });
});

describe('segmentName', () => {
  // As pg_walfile_name() answers them for timeline 1 and 3.
  test.each([
    ['0/1000000', 1, '000000010000000000000001'],
    ['0/FFFFFFFF', 1, '0000000100000000000000FF'],
    ['1/0', 1, '000000010000000100000000'],
    ['2A/FF000028', 3, '000000030000002A000000FF'],
  ])('names the file of %s on timeline %i', (lsn, timeline, name) => {
    const number = segmentAt(parseLsn(lsn), sixteenMegabytes);
    expect(segmentName({ timeline, number }, sixteenMegabytes)).toBe(name);
    expect(parseSegmentName(name, sixteenMegabytes)).toEqual({ timeline, number });
  });

  test('takes nothing else for a segment', () => {
    expect(parseSegmentName('00000002.history', sixteenMegabytes)).toBeUndefined();
  });
});
