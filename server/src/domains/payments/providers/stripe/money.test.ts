import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentOf } from '../../../../platform/money.ts';
import { withDefaults } from '../../core/settings.ts';
import { stripe } from './index.ts';
import {
  collectedFromStripe,
  fromStripe,
  stripeCurrencies,
  toStripe,
  toStripePart,
} from './money.ts';
import { stripeSettings } from './settings.ts';

const quoteWith = (settings: Record<string, string | Record<string, string>>) => {
  const written = {
    account: 'acct_1TestAccount00',
    secret_key: `sk_test_${'k'.repeat(24)}`,
    webhook_secret: 'whsec_abcdefgh',
    ...settings,
  };
  const nobody = { resolve: (url: string) => url, get: noCall, send: noCall };
  const connection = stripe.online?.connect(withDefaults(stripeSettings, written), nobody);
  if (!connection) throw new Error('Stripe is online');
  return connection.quote;
};

async function noCall(): Promise<never> {
  throw new Error('a quote calls nobody');
}

describe('toStripe', () => {
  it.each([
    [1_000n, 'USD', 1_000],
    [50n, 'USD', 50],
    [30n, 'GBP', 30],
    [500n, 'JPY', 500],
    [17_500n, 'HUF', 17_500],
    [1_000n, 'TWD', 1_000],
    [5_120n, 'KWD', 5_120],
    [5n, 'ISK', 500],
    [500n, 'MGA', 5],
    [99_999_999n, 'USD', 99_999_999],
    [999_999n, 'ISK', 99_999_900],
  ])('writes %s minor units of %s as %s', (minor, currency, there) => {
    expect(toStripe({ minor, currency })).toBe(there);
    expect(fromStripe(there, currency.toLowerCase())).toEqual({ minor, currency });
  });

  it.each([
    [49n, 'USD', 'below the least'],
    [29n, 'GBP', 'below the least'],
    [49n, 'JPY', 'below the least'],
    [17_499n, 'HUF', 'below the least'],
    [399n, 'HKD', 'below the least'],
    [0n, 'SAR', 'nothing'],
    [-500n, 'USD', 'below nothing'],
    [100_000_000n, 'USD', 'nine digits'],
    [1_000_000n, 'ISK', 'nine digits there'],
    [5_124n, 'KWD', 'a last digit that is not 0'],
    [5_001n, 'BHD', 'a last digit that is not 0'],
    [501n, 'MGA', 'decimals that it has not there'],
    [1_000n, 'UGX', 'a scale that nobody is sure of'],
    [1_000n, 'IQD', 'a currency that is not taken'],
    [1_000n, 'LDC', 'no currency'],
    [1_000n, 'usd', 'no spelling of ours'],
  ])('refuses %s minor units of %s: %s', (minor, currency) => {
    expect(toStripe({ minor, currency })).toBeUndefined();
  });

  it('brings every amount of every currency back as it went', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...stripeCurrencies),
        fc.bigInt({ min: 1n, max: 200_000_000n }),
        (currency, minor) => {
          const there = toStripe({ minor, currency });
          if (there === undefined) return;
          expect(Number.isSafeInteger(there)).toBe(true);
          expect(fromStripe(there, currency.toLowerCase())).toEqual({ minor, currency });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('knows the decimals of all that it takes, whatever ours are', () => {
    const differing = stripeCurrencies.filter((currency) => {
      const one = 10n ** BigInt(exponentOf(currency));
      return fromStripe(Number(one), currency.toLowerCase())?.minor !== one;
    });
    expect(differing).toEqual(['ISK', 'MGA']);
  });
});

describe('toStripePart', () => {
  it('takes parts that are smaller than any payment', () => {
    expect(toStripePart({ minor: 1n, currency: 'USD' })).toBe(1);
    expect(toStripePart({ minor: 1n, currency: 'KWD' })).toBeUndefined();
    expect(toStripePart({ minor: 0n, currency: 'USD' })).toBeUndefined();
  });
});

describe('fromStripe', () => {
  it.each([
    ['10.001', 10.001],
    ['1e3 as text', '1e3'],
    ['digits as text', '1000'],
    ['full-width digits', '１０'],
    ['more than a number holds', 2 ** 53],
    ['no number', Number.NaN],
    ['nothing', null],
  ])('reads no amount from %s', (_what, amount) => {
    expect(fromStripe(amount, 'usd')).toBeUndefined();
  });

  it.each(['USD', 'usdx', '', null, 'ugx', 'ldc'])('reads no currency from %j', (currency) => {
    expect(fromStripe(1_000, currency)).toBeUndefined();
  });

  it('reads what was collected only above zero', () => {
    expect(collectedFromStripe(0, 'usd')).toBeUndefined();
    expect(collectedFromStripe(-1, 'usd')).toBeUndefined();
    expect(collectedFromStripe(550, 'isk')).toBeUndefined();
    expect(collectedFromStripe(1, 'usd')).toEqual({ minor: 1n, currency: 'USD' });
  });
});

describe('quote', () => {
  it('converts only what the operator has a rate for, and refuses before any call', () => {
    const quote = quoteWith({ currency: 'USD', rates: { UGX: '0.00027', CNY: '0.14' } });
    expect(quote({ minor: 10_000n, currency: 'UGX' })).toEqual({
      charged: { minor: 270n, currency: 'USD' },
      rate: '0.00027',
    });
    expect(quote({ minor: 10_000n, currency: 'CNY' })?.charged).toEqual({
      ...{ minor: 1_400n, currency: 'USD' },
    });
    expect(quote({ minor: 100n, currency: 'UGX' })).toBeUndefined();
    expect(quote({ minor: 10_000n, currency: 'EUR' })).toEqual({
      charged: { minor: 10_000n, currency: 'EUR' },
      rate: '1',
    });
    expect(quote({ minor: 10_000n, currency: 'LDC' })).toBeUndefined();
  });
});
