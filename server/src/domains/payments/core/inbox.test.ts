import { describe, expect, it } from 'vitest';
import { nextTryAt, senderOf } from './inbox.ts';

describe('nextTryAt', () => {
  it('waits a minute, twice as long each time, at most a day, and gives up', () => {
    const now = new Date('2026-03-04T12:00:00Z');
    const minutes = Array.from({ length: 14 }, (_, tries) => {
      const at = nextTryAt(now, tries);
      return at ? (at.getTime() - now.getTime()) / 60_000 : null;
    });
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, null, null]);
  });
});

describe('senderOf', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '::ffff:198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [null, 'unknown'],
  ])('counts %s as %s', (address, sender) => {
    expect(senderOf(address)).toBe(sender);
  });
});
