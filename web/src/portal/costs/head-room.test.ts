import { describe, expect, test } from 'vitest';
import { findRunningOut } from './head-room.ts';

const now = new Date('2026-03-04T12:00:00Z');
const quota = (used: string, limit: string | null, reserved = '0') => ({
  kind: 'quota' as const,
  quota: `qta_${used}_${limit}`,
  meter: 'requests',
  unit: 'count' as const,
  window: 'day' as const,
  subject: { kind: 'organization' as const, id: 'org_1' },
  limit,
  used,
  reserved,
  remaining: null,
  resets_at: '2026-03-05T00:00:00Z',
  hard: true,
});

describe('findRunningOut', () => {
  test('goes on at the pace of the window so far', () => {
    // Half of the day took 60: the other 40 take eight hours.
    expect(findRunningOut([quota('60', '100')], now)).toMatchObject([
      { at: new Date('2026-03-04T20:00:00Z') },
    ]);
  });

  test('leaves out what lasts, what is unlimited, and what nobody uses', () => {
    expect(findRunningOut([quota('40', '100'), quota('9', null), quota('0', '5')], now)).toEqual(
      [],
    );
  });

  test('names what is used up first, calls in flight counted', () => {
    const found = findRunningOut([quota('60', '100'), quota('8', '10', '2')], now);
    expect(found.map(({ quota: { limit }, at }) => [limit, at])).toEqual([
      ['10', now],
      ['100', new Date('2026-03-04T20:00:00Z')],
    ]);
  });

  test('says nothing of a window that has hardly begun', () => {
    const early = new Date('2026-03-04T01:00:00Z');
    expect(findRunningOut([quota('60', '100')], early)).toEqual([]);
  });
});
