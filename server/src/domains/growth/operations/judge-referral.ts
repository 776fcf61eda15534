/**
 * Decides on a referral by what is true now. Locks: the inviter's code → the referral → funds in the order of their
 * organizations → audit head. What happens when:
 *
 * - a crash at any line: nothing is committed, and what waited waits on;
 * - a repeat, or two processes at once: the second waits at the locks and finds the first's decision; a side is rewarded once
 *   by its primary key, whatever else fails;
 * - a refund or dispute before the earning: the payment does not count, or the referral is refused;
 * - after it: what is unspent of both rewards is taken back, and nothing is earned again;
 * - in between, not committed yet when the payments were read: it has its own row waiting, and is judged next.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { formatNanos } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { openGrant, takeBackGrant } from '../../ledger/index.ts';
import { decideEarned, decidePending, keptOf, type Reason } from '../core/referral.ts';
import { toReferralRules } from '../core/rules.ts';
import { takePending } from '../signals-store.ts';
import {
  findReferral,
  insertReward,
  listRewards,
  lockInviter,
  lockReferral,
  type Referral,
  type Reward,
  saveReferral,
  saveTakenBack,
} from '../store.ts';
import { loadFacts, loadPayments } from './load-facts.ts';

export async function judgeReferral(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const seen = await findReferral(transaction, id);
    if (!seen) return;
    await lockInviter(transaction, seen.inviterId);
    const referral = await lockReferral(transaction, id);
    if (!referral) return;
    await takePending(transaction, referral.invitedId);
    if (referral.state === 'pending') await judgePending(context, transaction, referral);
    if (referral.state === 'earned') await judgeEarned(context, transaction, referral);
  });
}

async function judgePending(
  context: Context,
  transaction: Transaction,
  referral: Referral,
): Promise<void> {
  const now = context.clocks.business();
  const facts = await loadFacts(context, transaction, referral);
  const decision = decidePending(facts, now);
  const paid = keptOf(facts.payments);
  if (decision.kind === 'wait') {
    const { until: dueAt, reason } = decision;
    await saveReferral(transaction, { ...referral, paid, dueAt, reason }, now);
    return;
  }
  if (decision.kind === 'refuse') {
    const { reason } = decision;
    await saveReferral(
      transaction,
      { ...referral, state: 'refused', paid, reason, dueAt: null },
      now,
    );
    await audit(context, transaction, 'refuse', { referral, reason });
    return;
  }
  const earned = { state: 'earned' as const, paid, reason: null, dueAt: null, earnedAt: now };
  await saveReferral(transaction, { ...referral, ...earned }, now);
  await reward(context, transaction, referral);
}

const dayMs = 86_400_000;

async function reward(
  context: Context,
  transaction: Transaction,
  referral: Referral,
): Promise<void> {
  const { usageCurrency: currency } = context.config;
  const rules = toReferralRules(referral.rules);
  const now = context.clocks.business();
  const expiresAt = new Date(now.getTime() + rules.expiresAfterDays * dayMs);
  const sides = [
    { side: 'inviter' as const, organizationId: referral.inviterId, amount: rules.inviterReward },
    { side: 'invited' as const, organizationId: referral.invitedId, amount: rules.invitedReward },
  ].sort((one, other) => (one.organizationId < other.organizationId ? -1 : 1));
  for (const { side, organizationId, amount } of sides) {
    const grant = await openGrant(context, transaction, {
      ...{ organizationId, amount: { amount, currency }, priority: 0, expiresAt },
      ...{ reference: referral.id, note: 'Referral' },
    });
    const given = { referralId: referral.id, side, organizationId, grantId: grant.id, amount };
    await insertReward(transaction, { ...given, currency, takenBack: 0n, givenAt: now, expiresAt });
  }
  for (const { organizationId, amount } of sides) {
    await audit(context, transaction, 'earn', { referral, organizationId, amount });
  }
}

async function judgeEarned(
  context: Context,
  transaction: Transaction,
  referral: Referral,
): Promise<void> {
  const now = context.clocks.business();
  const payments = await loadPayments(transaction, referral.invitedId);
  const paid = keptOf(payments);
  const reason = decideEarned({ rules: toReferralRules(referral.rules), payments });
  if (!reason) {
    if (paid !== referral.paid) await saveReferral(transaction, { ...referral, paid }, now);
    return;
  }
  await saveReferral(transaction, { ...referral, state: 'clawed_back', paid, reason }, now);
  const rewards = await listRewards(transaction, [referral.id]);
  const taken: { reward: Reward; amount: bigint }[] = [];
  for (const given of rewards) {
    const amount = await takeBackGrant(context, transaction, given);
    await saveTakenBack(transaction, { ...given, takenBack: given.takenBack + amount });
    taken.push({ reward: given, amount });
  }
  for (const { reward: given, amount } of taken) {
    const { organizationId } = given;
    await audit(context, transaction, 'claw_back', { referral, organizationId, amount, reason });
  }
}

async function audit(
  context: Context,
  transaction: Transaction,
  verb: 'earn' | 'refuse' | 'claw_back',
  about: {
    referral: Referral;
    /** In whose log it stands; the deployment's where left out. */
    organizationId?: string;
    amount?: bigint;
    reason?: Reason;
  },
): Promise<void> {
  const { referral, organizationId = null, amount, reason } = about;
  await recordAudit(context, transaction, {
    organizationId,
    action: `referral.${verb}`,
    resource: { kind: 'referral', id: referral.id },
    newValues: {
      ...(organizationId === null && { inviter: referral.inviterId, invited: referral.invitedId }),
      ...(amount !== undefined && {
        amount: formatNanos(amount),
        currency: context.config.usageCurrency,
      }),
      ...(reason && { reason }),
    },
  });
}
