import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRatio, multiply, parseRatio, ratio, sum, zero } from '../../../platform/ratio.ts';
import { type Charge, rateCharge } from '../../catalog/index.ts';
import { usageLines } from './usage-lines.ts';

const ended = {
  period: { from: new Date('2026-04-30T16:00:00Z'), to: new Date('2026-05-31T16:00:00Z') },
  timeZone: 'Asia/Shanghai',
  currency: 'USD',
};
const graduated: Charge = {
  pricing: {
    model: 'graduated',
    tiers: [
      { upTo: ratio(100n), unitAmount: parseRatio('0.05'), flatAmount: zero },
      { upTo: null, unitAmount: parseRatio('0.01'), flatAmount: zero },
    ],
  },
};
const use = (charge: Charge, quantity: number) => [
  {
    ...{ name: 'Requests', meterId: 'mtr_requests' },
    charge,
    rated: rateCharge(charge, { quantity: ratio(BigInt(quantity)) }),
  },
];

describe('lines for use', () => {
  test('say what was used when, and at which price', () => {
    const [line, ...others] = usageLines(use(graduated, 150), ended);
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      kind: 'usage',
      text: { params: { name: 'Requests', from: '2026-05-01', to: '2026-06-01' } },
      details: [
        { code: 'tier', params: { quantity: '100', unit: '0.05' } },
        { code: 'tier', params: { quantity: '50', unit: '0.01' } },
      ],
    });
    expect(line && formatRatio(line.amount, 4)).toBe('550');
  });

  test('are in minor units of the currency', () => {
    const [yen] = usageLines(use(graduated, 100), { ...ended, currency: 'JPY' });
    expect(yen && formatRatio(yen.amount, 4)).toBe('5');
  });

  test('show what is missing to the minimum by itself', () => {
    const lines = usageLines(use({ ...graduated, minimumSpend: ratio(20n) }, 150), ended);
    expect(lines.map(({ kind, amount }) => [kind, formatRatio(amount, 4)])).toEqual([
      ['usage', '550'],
      ['minimum_spend', '1450'],
    ]);
    expect(lines[1]?.text.params.minimum).toBe('20');
  });

  test('leave out what was not used', () => {
    expect(usageLines(use(graduated, 0), ended)).toEqual([]);
  });

  test('add up to what the charge costs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 501, max: 900 }),
        (quantity, minimum, maximum) => {
          const charge = {
            ...graduated,
            minimumSpend: ratio(BigInt(minimum)),
            maximumSpend: ratio(BigInt(maximum)),
          };
          const lines = usageLines(use(charge, quantity), ended);
          const { amount } = rateCharge(charge, { quantity: ratio(BigInt(quantity)) });
          expect(sum(lines.map((line) => line.amount))).toEqual(multiply(amount, ratio(100n)));
        },
      ),
    );
  });
});
