/**
 * A farmer owns every account: invites whom they like, pays, takes money back, disputes, and spends credit at once. Whatever
 * they do and in whatever order it is heard of, they gain no more than the stated bound.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decideEarned,
  decidePending,
  type Kinship,
  keptOf,
  type PaidFact,
  type ReferralRules,
} from './referral.ts';

const dayMs = 86_400_000;

interface Account {
  /** Whose it is, as a device or card would tell. */
  hand: number;
  inviter: number | undefined;
  signedUpAt: Date;
  payments: PaidFact[];
  state: 'pending' | 'earned' | 'refused' | 'clawed_back';
  earnedAt: Date | undefined;
}

interface World {
  rules: ReferralRules;
  now: Date;
  accounts: Account[];
  given: bigint;
  /** What is not spent, by account. */
  unspent: Map<number, bigint>;
}

const accountsMax = 12;
const index = fc.nat(accountsMax - 1);
const step = fc.oneof(
  fc.record({ do: fc.constant('sign_up' as const), hand: fc.nat(5), inviter: fc.option(index) }),
  fc.record({ do: fc.constant('pay' as const), who: index, amount: fc.bigInt(1n, 60n) }),
  fc.record({
    do: fc.constant('refund' as const),
    who: index,
    which: fc.nat(3),
    part: fc.bigInt(1n, 60n),
  }),
  fc.record({
    do: fc.constant('dispute' as const),
    who: index,
    which: fc.nat(3),
    isWon: fc.boolean(),
  }),
  fc.record({ do: fc.constant('spend' as const), who: index }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constant('judge' as const), who: index }),
);
const rules = fc
  .record({
    inviterReward: fc.bigInt(1n, 20n),
    invitedReward: fc.bigInt(1n, 20n),
    more: fc.bigInt(0n, 20n),
    waitingDays: fc.integer({ min: 1, max: 30 }),
    payWithinDays: fc.integer({ min: 1, max: 90 }),
    monthlyMax: fc.integer({ min: 1, max: 4 }),
  })
  // As the settings see to it.
  .map(({ more, ...rest }) => ({
    ...{ ...rest, expiresAfterDays: 180 },
    requiredPayments: rest.inviterReward + rest.invitedReward + more,
  }));

test('a farmer gains no more than the rewards of each account that has paid enough', () => {
  fc.assert(
    fc.property(rules, fc.array(step, { minLength: 1, maxLength: 120 }), (terms, steps) => {
      const world = play(terms, steps);
      const both = terms.inviterReward + terms.invitedReward;
      const gross = world.accounts.map(({ payments }) => sum(payments.map(({ amount }) => amount)));
      const paying = world.accounts.filter(
        ({ inviter }, at) => inviter !== undefined && (gross[at] ?? 0n) >= terms.requiredPayments,
      );
      // Ever given: a reward for each distinct account that was invited and has paid.
      expect(world.given).toBeLessThanOrEqual(both * BigInt(paying.length));
      // So whoever pays X is given at most X × both ÷ required, which the settings keep at X.
      expect(world.given * terms.requiredPayments).toBeLessThanOrEqual(both * sum(gross));
      // What was not spent and is still theirs stands for money that is still ours.
      for (let at = 0; at < world.accounts.length; at += 1) judge(world, at);
      const kept = world.accounts.filter(
        ({ inviter, payments }) =>
          inviter !== undefined && keptOf(payments) >= terms.requiredPayments,
      );
      const left = sum([...world.unspent.values()]);
      expect(left).toBeLessThanOrEqual(both * BigInt(kept.length));
      // Nobody is rewarded for an account of their own hand, however long the way round.
      for (const account of world.accounts.filter(({ earnedAt }) => earnedAt)) {
        expect(handsAbove(world, account)).not.toContain(account.hand);
      }
    }),
    { numRuns: 1500 },
  );
});

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function play(terms: ReferralRules, steps: readonly Step[]): World {
  const world: World = {
    ...{ rules: terms, now: new Date('2026-01-01T00:00:00Z'), accounts: [], given: 0n },
    unspent: new Map(),
  };
  for (const each of steps) act(world, each);
  return world;
}

function act(world: World, each: Step): void {
  if (each.do === 'wait') world.now = new Date(world.now.getTime() + each.days * dayMs);
  else if (each.do === 'sign_up') signUp(world, each);
  else if (each.do === 'spend') world.unspent.set(each.who, 0n);
  else if (each.do === 'judge') judge(world, each.who);
  else payOrTakeBack(world, each);
}

function signUp({ accounts, now }: World, { hand, inviter }: Extract<Step, { do: 'sign_up' }>) {
  if (accounts.length >= accountsMax) return;
  const isThere = inviter !== null && inviter < accounts.length;
  accounts.push({
    ...{ hand, inviter: isThere ? inviter : undefined, signedUpAt: now, payments: [] },
    ...{ state: 'pending', earnedAt: undefined },
  });
}

function payOrTakeBack(
  { accounts, now }: World,
  each: Extract<Step, { do: 'pay' | 'refund' | 'dispute' }>,
): void {
  const account = accounts[each.who];
  if (!account) return;
  if (each.do === 'pay') {
    account.payments.push({ at: now, amount: each.amount, returned: 0n, isDisputed: false });
    return;
  }
  const payment = account.payments[each.which];
  if (!payment) return;
  if (each.do === 'dispute') payment.isDisputed = !each.isWon;
  else {
    const most = payment.amount - payment.returned;
    payment.returned += each.part < most ? each.part : most;
  }
}

/** What the operations do, with the state in memory. */
function judge(world: World, who: number): void {
  const account = world.accounts[who];
  if (account?.inviter === undefined) return;
  const { rules: terms, now } = world;
  if (account.state === 'pending') {
    const decision = decidePending(factsOf(world, account), now);
    if (decision.kind === 'refuse') account.state = 'refused';
    if (decision.kind === 'earn') {
      account.state = 'earned';
      account.earnedAt = now;
      give(world, account.inviter, terms.inviterReward);
      give(world, who, terms.invitedReward);
    }
  }
  if (account.state === 'earned' && decideEarned({ rules: terms, payments: account.payments })) {
    account.state = 'clawed_back';
    takeBack(world, account.inviter, terms.inviterReward);
    takeBack(world, who, terms.invitedReward);
  }
}

function factsOf(world: World, account: Account) {
  const { rules: terms, now, accounts } = world;
  const [near, ...far] = handsAbove(world, account);
  const kin = (same: boolean): Kinship[] => (same ? ['device'] : []);
  const month = now.toISOString().slice(0, 7);
  return {
    ...{ rules: terms, signedUpAt: account.signedUpAt, payments: account.payments },
    kinshipWithInviter: kin(near === account.hand),
    kinshipWithAncestors: kin(far.includes(account.hand)),
    earnedThisMonth: accounts.filter(
      ({ inviter, earnedAt }) =>
        inviter === account.inviter && earnedAt?.toISOString().startsWith(month),
    ).length,
    ...{ isOnHold: false, isActive: true },
  };
}

function handsAbove({ accounts }: World, account: Account): number[] {
  const hands: number[] = [];
  let above = account.inviter;
  while (above !== undefined) {
    const next = accounts[above];
    if (!next) break;
    hands.push(next.hand);
    above = next.inviter;
  }
  return hands;
}

function give(world: World, who: number, amount: bigint): void {
  world.given += amount;
  world.unspent.set(who, (world.unspent.get(who) ?? 0n) + amount);
}

function takeBack({ unspent }: World, who: number, amount: bigint): void {
  const left = unspent.get(who) ?? 0n;
  unspent.set(who, left > amount ? left - amount : 0n);
}
