import { describe, expect, test } from 'vitest';
import { slotOf } from './redis-slot.ts';

describe('slotOf', () => {
  test.each([
    ['', 0],
    ['123456789', 12_739],
    ['foo', 12_182],
    ['foo{bar}', 5_061],
    ['bar', 5_061],
    ['{bar}{baz}', 5_061],
    ['foo{}{bar}', 8_363],
  ])('%s: %d, as CLUSTER KEYSLOT answers', (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });
});
