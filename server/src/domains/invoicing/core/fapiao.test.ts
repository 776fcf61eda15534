import { describe, expect, it } from 'vitest';
import {
  type FapiaoCandidate,
  fapiaoAmountOf,
  fapiaoBlockOf,
  fapiaoTransitions,
  isOfFormat,
} from './fapiao.ts';

const candidate = (
  invoice: Partial<FapiaoCandidate['invoice']> = {},
  money: Partial<Omit<FapiaoCandidate, 'invoice'>> = {},
): FapiaoCandidate => ({
  invoice: {
    ...{ id: 'inv_1', number: 'INV-2026-000001', kind: 'subscription', status: 'paid' },
    total: { minor: 10_000n, currency: 'CNY' },
    paidAt: new Date('2026-03-01T00:00:00Z'),
    ...{ creditAppliedMinor: 0n, creditedMinor: 0n, creditedDueMinor: 0n },
    ...invoice,
  },
  ...{ isPaidFromWallet: false, outsideCreditMinor: 0n, fapiaoId: null },
  ...money,
});

describe('fapiaoAmountOf', () => {
  const cases: [name: string, given: FapiaoCandidate, expected: bigint][] = [
    ['is all that was paid', candidate(), 10_000n],
    ['is nothing before it is paid', candidate({ status: 'open' }), 0n],
    [
      'leaves out what a credit note took off before it was paid',
      candidate({ creditedMinor: 3_000n, creditedDueMinor: 3_000n }),
      7_000n,
    ],
    ['leaves out what a credit note gave back', candidate({ creditedMinor: 4_000n }), 6_000n],
    ['is nothing once all was given back', candidate({ creditedMinor: 10_000n }), 0n],
    ['leaves out what came from the wallet', candidate({}, { isPaidFromWallet: true }), 0n],
    [
      'leaves out credit whose money is not known',
      candidate({ creditAppliedMinor: 2_500n }),
      7_500n,
    ],
    [
      'counts credit that was paid from outside',
      candidate({ creditAppliedMinor: 2_500n }, { outsideCreditMinor: 2_500n }),
      10_000n,
    ],
    [
      'never goes below nothing',
      candidate({ creditAppliedMinor: 9_000n, creditedMinor: 5_000n }),
      0n,
    ],
  ];
  it.each(cases)('%s', (_name, given, expected) => {
    expect(fapiaoAmountOf(given)).toBe(expected);
  });
});

describe('fapiaoBlockOf', () => {
  const cases: [given: FapiaoCandidate, expected: ReturnType<typeof fapiaoBlockOf>][] = [
    [candidate(), null],
    [candidate({ status: 'uncollectible' }), 'not_paid'],
    [candidate({ total: { minor: 10_000n, currency: 'USD' } }), 'currency'],
    [candidate({}, { fapiaoId: 'fap_1' }), 'on_fapiao'],
    [candidate({}, { isPaidFromWallet: true }), 'from_wallet'],
    [candidate({ creditedMinor: 10_000n }), 'nothing_left'],
  ];
  it.each(cases)('case %#', (given, expected) => {
    expect(fapiaoBlockOf(given, ['CNY'])).toBe(expected);
  });
});

describe('fapiaoTransitions', () => {
  it('ends with what was rejected or reversed', () => {
    expect(fapiaoTransitions.rejected).toEqual({});
    expect(fapiaoTransitions.reversed).toEqual({});
  });

  it('sends nothing that has to be reversed', () => {
    expect(fapiaoTransitions.to_be_reversed.send).toBeUndefined();
  });
});

describe('isOfFormat', () => {
  it('knows a file by how it begins', () => {
    const pdf = Buffer.from('%PDF-1.7\n');
    const zip = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14]);
    expect([isOfFormat(pdf, 'pdf'), isOfFormat(zip, 'ofd')]).toEqual([true, true]);
    expect([isOfFormat(zip, 'pdf'), isOfFormat(pdf, 'ofd')]).toEqual([false, false]);
    expect(isOfFormat(Buffer.from('%PD'), 'pdf')).toBe(false);
  });
});
