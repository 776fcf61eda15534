import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { isCollectable, readYuan, writeYuan } from './money.ts';

const fen = (minor: bigint) => ({ minor, currency: 'CNY' });

describe('readYuan', () => {
  it.each([
    ['0.01', 1n],
    ['0.1', 10n],
    ['88', 8_800n],
    ['100000000.00', 10_000_000_000n],
  ])('reads %s', (text, minor) => {
    expect(readYuan(text)).toEqual(fen(minor));
  });

  it.each([
    ...['', '0', '0.00', '-1.00', '+1.00', '1e3', '10.001', '.5', '1.', '01.00', '1,000.00'],
    ...['１０.00', ' 1.00', '1.00\n', '0x10', 'NaN', '100000000.01', '9'.repeat(30)],
  ])('refuses %j', (text) => {
    expect(readYuan(text)).toBeUndefined();
  });

  test.prop([fc.bigInt(1n, 10_000_000_000n)])('reads what writeYuan wrote', (minor) => {
    expect(writeYuan(fen(minor))).toMatch(/^\d+\.\d\d$/);
    expect(readYuan(writeYuan(fen(minor)))).toEqual(fen(minor));
  });
});

describe('isCollectable', () => {
  it('takes yuan from a fen to a hundred million', () => {
    expect([1n, 10_000_000_000n].map((minor) => isCollectable(fen(minor)))).toEqual([true, true]);
    expect([0n, -1n, 10_000_000_001n].some((minor) => isCollectable(fen(minor)))).toBe(false);
    expect(isCollectable({ minor: 100n, currency: 'USD' })).toBe(false);
  });
});
