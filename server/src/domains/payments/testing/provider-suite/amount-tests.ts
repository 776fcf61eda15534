import fc from 'fast-check';
import { expect } from 'vitest';
import { exponentOf, parseMinor } from '../../../../platform/money.ts';
import type { ProviderHarness, SuiteTest, TakenAmount } from './harness.ts';
import type { Stage } from './stage.ts';

const runs = 6;
const minorMax = 5_000_000;
const unitsMax = 5_000;

/** Amounts cross the border unchanged, in every scale of currency; what is not taken is refused before any call. */
export function amountTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  return [
    {
      name: 'speaks of currencies with no, two and three decimals',
      run() {
        const amounts = [...harness.amounts, ...harness.refusedAmounts];
        const exponents = new Set(amounts.map(({ currency }) => exponentOf(currency)));
        expect([...exponents].sort()).toEqual([0, 2, 3]);
      },
    },
    ...harness.amounts.map((amount) => scaleTest(stage, harness, amount)),
    ...harness.amounts.map((amount) => roundTripTest(stage, amount)),
    ...harness.refusedAmounts.map(({ why, minor, currency, settings }) => ({
      name: `refuses ${minor} minor units of ${currency} before any call: ${why}`,
      run() {
        const { connect, wire } = stage();
        const calls = wire.calls();
        expect(connect(settings).quote({ minor, currency })).toBeUndefined();
        expect(wire.calls()).toBe(calls);
      },
    })),
    {
      name: 'quotes nothing for nothing',
      run() {
        const { connect, wire } = stage();
        const calls = wire.calls();
        for (const { currency, settings } of harness.amounts) {
          expect(connect(settings).quote({ minor: 0n, currency })).toBeUndefined();
        }
        expect(wire.calls()).toBe(calls);
      },
    },
  ];
}

function scaleTest(
  stage: () => Stage,
  harness: ProviderHarness,
  { minor, currency, there, settings }: TakenAmount,
): SuiteTest {
  return {
    name: `charges ${minor} minor units of ${currency} as ${there} there`,
    async run() {
      const { connect, payInSilence, record } = stage();
      const connection = connect(settings);
      const charged = { minor, currency };
      expect(connection.quote(charged)).toEqual({ charged, rate: '1' });
      const { order, money } = await payInSilence({ charged }, connection);
      expect(String(harness.amountThere(await record(order.number)))).toBe(there);
      expect(money.amount).toEqual(charged);
    },
  };
}

function roundTripTest(stage: () => Stage, { currency, settings }: TakenAmount): SuiteTest {
  return {
    name: `brings any amount of ${currency} back as it went`,
    timeoutMs: 30_000,
    async run() {
      const { connect, payInSilence } = stage();
      const connection = connect(settings);
      const any = fc.bigInt({ min: 1n, max: BigInt(minorMax) });
      // Where only whole units are taken, few of all amounts would be.
      const whole = fc
        .integer({ min: 1, max: unitsMax })
        .map((units) => parseMinor(String(units), currency).minor);
      const minor = fc.oneof(any, whole);
      await fc.assert(
        fc.asyncProperty(minor, async (each) => {
          const charged = { minor: each, currency };
          const quote = connection.quote(charged);
          // Some ask for a least amount, or for a last digit of zero.
          fc.pre(quote !== undefined);
          expect(quote).toEqual({ charged, rate: '1' });
          const { money } = await payInSilence({ charged }, connection);
          expect(money.amount).toEqual(charged);
        }),
        { numRuns: runs },
      );
    },
  };
}
