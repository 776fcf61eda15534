import { describe, expect, it } from 'vitest';
import { decideRefund, type Refundable, remainingOf, statusAfterNews } from './refund.ts';

const paid: Refundable = {
  status: 'succeeded',
  amount: { minor: 2000n, currency: 'USD' },
  charged: { minor: 14_400n, currency: 'CNY' },
  ...{ refundedMinor: 0n, returnedMinor: 0n, disputedMinor: 0n, byProvider: 'part' },
};
const some = { refundedMinor: 500n, returnedMinor: 3600n };

describe('decideRefund', () => {
  const decide = (
    changes: Partial<Refundable>,
    minor?: bigint,
    to: 'provider' | 'wallet' = 'provider',
  ) => decideRefund({ ...paid, ...changes }, { minor, destination: to });

  it.each<[string, Partial<Refundable>, bigint | undefined, bigint, bigint]>([
    ['all of it', {}, undefined, 2000n, 14_400n],
    ['a part', {}, 500n, 500n, 3600n],
    ['all that is left', some, undefined, 1500n, 10_800n],
    ['exactly what is left', some, 1500n, 1500n, 10_800n],
    ['what is not disputed', { disputedMinor: 7200n }, undefined, 1000n, 7200n],
  ])('gives back %s', (_what, changes, minor, amount, charged) => {
    expect(decide(changes, minor)).toEqual({
      allowed: true,
      amount: { minor: amount, currency: 'USD' },
      charged: { minor: charged, currency: 'CNY' },
    });
  });

  it.each<[string, Partial<Refundable>, bigint | undefined, string]>([
    ['of what is not settled', { status: 'pending' }, undefined, 'not_settled'],
    [
      'of what was given back',
      { refundedMinor: 2000n, returnedMinor: 14_400n },
      1n,
      'nothing_left',
    ],
    ['of one cent more than remains', some, 1501n, 'exceeds_remaining'],
    ['of what is disputed', { disputedMinor: 14_400n }, undefined, 'disputed'],
    ['beside a dispute', { disputedMinor: 7200n }, 1001n, 'exceeds_remaining'],
    [
      'smaller than the provider counts',
      { charged: { minor: 2n, currency: 'JPY' } },
      1n,
      'too_small',
    ],
    ['where nothing goes back', { byProvider: 'none' }, undefined, 'provider_refunds_nothing'],
    ['in part where only all goes back', { byProvider: 'whole' }, 1n, 'provider_refunds_whole'],
    [
      'of the rest where only all goes back',
      { ...some, byProvider: 'whole' },
      undefined,
      'provider_refunds_whole',
    ],
  ])('refuses one %s', (_what, changes, minor, reason) => {
    expect(decide(changes, minor)).toEqual({ allowed: false, reason });
  });

  it('puts into the wallet what a provider cannot give back', () => {
    expect(decide({ byProvider: 'none' }, 1n, 'wallet')).toMatchObject({ allowed: true });
    expect(decide({ byProvider: 'whole', ...some }, 1n, 'wallet')).toMatchObject({ allowed: true });
  });

  it('splits what was charged such that all parts together are all of it', () => {
    for (const [amount, charged] of [
      [7n, 50n],
      [100n, 33n],
      [999n, 1000n],
    ] as const) {
      let state: Refundable = {
        ...paid,
        amount: { minor: amount, currency: 'USD' },
        charged: { minor: charged, currency: 'CNY' },
      };
      for (let step = 0; step < 2000 && state.refundedMinor < amount; step += 1) {
        const left = remainingOf(state).minor;
        const minor = BigInt(1 + ((step * 7) % 5));
        const part = decideRefund(state, {
          ...{ minor: minor < left ? minor : left, destination: 'provider' },
        });
        const wanted = part.allowed
          ? part
          : decideRefund(state, { minor: left, destination: 'provider' });
        if (!wanted.allowed) throw new Error(wanted.reason);
        state = {
          ...state,
          refundedMinor: state.refundedMinor + wanted.amount.minor,
          returnedMinor: state.returnedMinor + wanted.charged.minor,
        };
      }
      expect(state).toMatchObject({ refundedMinor: amount, returnedMinor: charged });
    }
  });
});

describe('statusAfterNews', () => {
  it('moves only forward: what succeeded may bounce, what failed stays failed', () => {
    expect(statusAfterNews('succeeded', 'pending')).toBe('succeeded');
    expect(statusAfterNews('succeeded', 'unknown')).toBe('succeeded');
    expect(statusAfterNews('succeeded', 'failed')).toBe('failed');
    expect(statusAfterNews('failed', 'succeeded')).toBe('failed');
    expect(statusAfterNews('unknown', 'pending')).toBe('pending');
  });
});
