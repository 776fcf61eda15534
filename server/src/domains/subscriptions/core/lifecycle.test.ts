import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  after,
  eventsOf,
  isLive,
  isServed,
  type SubscriptionEvent,
  type SubscriptionStatus,
} from './lifecycle.ts';

const states: SubscriptionStatus[] = [
  'incomplete',
  'trialing',
  'active',
  'past_due',
  'paused',
  'canceled',
  'expired',
];

describe('the life of a subscription', () => {
  test.each<[SubscriptionStatus, SubscriptionEvent, SubscriptionStatus | undefined]>([
    ['incomplete', 'begin', 'active'],
    ['incomplete', 'give_up', 'expired'],
    ['trialing', 'end_trial', 'active'],
    ['active', 'fall_due', 'past_due'],
    ['past_due', 'catch_up', 'active'],
    ['active', 'cancel_at_end', 'canceled'],
    ['canceled', 'resume', 'active'],
    ['canceled', 'expire', 'expired'],
    ['past_due', 'change', undefined],
    ['past_due', 'pause', undefined],
    ['paused', 'renew', undefined],
    ['canceled', 'renew', undefined],
  ])('%s, %s: %s', (from, event, to) => {
    expect(after(from, event)).toBe(to);
  });

  test('ends in expired, from where only a late payment brings it back', () => {
    expect(eventsOf('expired')).toEqual(['restore']);
    for (const state of states) {
      if (isLive(state)) expect(after(state, 'cancel_now')).toBe('expired');
    }
  });

  test('reaches every state from the first, and serves nobody before it began or after it ended', () => {
    const reached = new Set<SubscriptionStatus>(['incomplete']);
    for (const state of reached) {
      for (const event of eventsOf(state)) {
        const next = after(state, event);
        if (next) reached.add(next);
      }
    }
    expect([...reached].sort()).toEqual([...states].sort());
    expect(states.filter((state) => !isServed(state)).sort()).toEqual([
      'expired',
      'incomplete',
      'paused',
    ]);
  });

  test('is past due until it is paid or ends, whatever else happens', () => {
    const events = fc.constantFrom<SubscriptionEvent>(
      'renew',
      'change',
      'pause',
      'resume',
      'begin',
    );
    fc.assert(
      fc.property(fc.array(events), (happened) => {
        let state: SubscriptionStatus = 'past_due';
        for (const event of happened) state = after(state, event) ?? state;
        expect(state).toBe('past_due');
      }),
    );
  });
});
