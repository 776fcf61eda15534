/** Loads what is true of a referral now, from the doors of those who know it. */
import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { startOfMonth } from '../../../platform/time.ts';
import { findKinship, findOrganization } from '../../identity/index.ts';
import { isOnHold, listPaymentStandingsById, sharesPayer } from '../../payments/index.ts';
import type { Kinship, PaidFact, ReferralFacts } from '../core/referral.ts';
import { shareOf, toReferralRules } from '../core/rules.ts';
import { listPayments } from '../signals-store.ts';
import { countEarned, findReferralOf, listSiblings, type Referral } from '../store.ts';

export async function loadFacts(
  context: Context,
  executor: Executor,
  referral: Referral,
): Promise<ReferralFacts> {
  const { inviterId, invitedId, signedUpAt } = referral;
  const month = startOfMonth(context.clocks.business(), context.config.timeZone);
  const [inviter, invited] = [
    await findOrganization(executor, inviterId),
    await findOrganization(executor, invitedId),
  ];
  return {
    rules: toReferralRules(referral.rules),
    signedUpAt,
    payments: await loadPayments(executor, invitedId),
    kinshipWithInviter: await kinshipOf(executor, invitedId, [inviterId]),
    kinshipWithAncestors: await kinshipFurtherUp(executor, referral),
    earnedThisMonth: await countEarned(executor, inviterId, month),
    isOnHold: (await isOnHold(executor, inviterId)) || (await isOnHold(executor, invitedId)),
    isActive: inviter?.status === 'active' && invited?.status === 'active',
  };
}

/** What the invited paid, at the rates of those days, with what of it is there still. */
export async function loadPayments(executor: Executor, invitedId: string): Promise<PaidFact[]> {
  const paid = await listPayments(executor, invitedId);
  const standings = await listPaymentStandingsById(
    executor,
    paid.map(({ paymentId }) => paymentId),
  );
  const byId = new Map(standings.map((standing) => [standing.id, standing]));
  return paid.flatMap(({ paymentId, amount, paidAt }) => {
    const standing = byId.get(paymentId);
    if (!standing) return [];
    const { refundedMinor: part, amountMinor: whole, isDisputed } = standing;
    return [{ at: paidAt, amount, returned: shareOf(amount, { part, whole }), isDisputed }];
  });
}

/** So far up a ring is looked for: longer ones cost more accounts than they bring. */
const ancestorsMax = 10;
const siblingsMax = 100;

/**
 * With those who invited the inviter, and so on; and with others whom the inviter invited. Those may sit in one office, but
 * they do not share a device or a card.
 */
async function kinshipFurtherUp(executor: Executor, referral: Referral): Promise<Kinship[]> {
  const { inviterId, invitedId } = referral;
  const ancestors: string[] = [];
  let next = await findReferralOf(executor, inviterId);
  while (next && ancestors.length < ancestorsMax && !ancestors.includes(next.inviterId)) {
    ancestors.push(next.inviterId);
    next = await findReferralOf(executor, next.inviterId);
  }
  const siblings = await listSiblings(executor, { inviterId, invitedId, limit: siblingsMax });
  const ofSiblings = await kinshipOf(executor, invitedId, siblings);
  return [
    ...(await kinshipOf(executor, invitedId, ancestors)),
    ...ofSiblings.filter((kind) => kind !== 'address'),
  ];
}

/** What an organization's people and payers have in common with others. */
export async function kinshipOf(
  executor: Executor,
  organizationId: string,
  others: readonly string[],
): Promise<Kinship[]> {
  if (others.length === 0) return [];
  const seen = await findKinship(executor, { organizationId, others });
  const pays = await sharesPayer(executor, { organizationId, others });
  return pays ? [...seen, 'payer'] : seen;
}
