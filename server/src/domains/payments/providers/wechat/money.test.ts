import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCollectable, readFen, readYuan, writeFen } from './money.ts';

const fen = (minor: bigint) => ({ minor, currency: 'CNY' });

describe('fen', () => {
  it('attack 15: come back as they went, through JSON', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10_000_000_000n }), (minor) => {
        const there = JSON.parse(JSON.stringify({ total: writeFen(fen(minor)) }));
        expect(readFen(there.total)).toEqual(fen(minor));
      }),
    );
  });

  it.each([0, -1, 0.5, 1.01, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 10_000_000_001])(
    'attack 4: %d is no amount',
    (total) => expect(readFen(total)).toBeUndefined(),
  );

  it.each(['1', '1e3', '10.001', '１０', '', ' 1', null, undefined, true, [1], { total: 1 }])(
    'attack 4: %j is no amount',
    (total) => expect(readFen(total)).toBeUndefined(),
  );

  it('are never written for nothing, too much, or another currency', () => {
    for (const minor of [0n, -1n, 10_000_000_001n]) {
      expect(isCollectable(fen(minor))).toBe(false);
      expect(() => writeFen(fen(minor))).toThrow('whole fen');
    }
    expect(() => writeFen({ minor: 1n, currency: 'USD' })).toThrow('whole fen');
  });
});

describe('readYuan', () => {
  it.each<[string, bigint | undefined]>([
    ['0.01', 1n],
    ['60.00', 6000n],
    ['0.32000', 32n],
    ['-0.27000', -27n],
    ['0.00', 0n],
    ['0.00500', 1n],
    ['0.00499', 0n],
    ['100000000.00', 10_000_000_000n],
    ['1', undefined],
    ['1.', undefined],
    ['.50', undefined],
    ['1e3', undefined],
    ['1,000.00', undefined],
    ['01.00', undefined],
    ['１.00', undefined],
    ['', undefined],
  ])('reads %s', (cell, minor) => {
    expect(readYuan(cell)).toBe(minor);
  });
});
