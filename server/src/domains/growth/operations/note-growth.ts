/** What happens elsewhere is noted within its own transaction, by adding rows: nobody waits, and nothing is missed. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { fromMinor } from '../../../platform/money.ts';
import { findOrganization } from '../../identity/index.ts';
import { exchangeRate, readSetting } from '../../settings/index.ts';
import { readCode } from '../core/code.ts';
import { atRate } from '../core/rules.ts';
import { insertPayment, insertPending } from '../signals-store.ts';
import { findInviter, findReferralOf, insertReferral } from '../store.ts';

const dayMs = 86_400_000;

/** Somebody signed up: by a code of ours, while codes count. A wrong code stops nobody from signing up. */
export async function noteSignUp(
  context: Context,
  transaction: Transaction,
  {
    userId,
    organizationId,
    inviteCode,
  }: { userId: string; organizationId: string; inviteCode: string | null },
): Promise<void> {
  const code = readCode(inviteCode ?? '');
  const inviterId = code && (await findInviter(transaction, code));
  if (!inviterId) return;
  const { enabled, ...rules } = await readSetting(transaction, 'referral_rules');
  const inviter = await findOrganization(transaction, inviterId);
  if (!enabled || inviter?.status !== 'active') return;
  const at = context.clocks.business();
  await insertReferral(transaction, {
    ...{ id: newId('rfl', at), inviterId, invitedId: organizationId, invitedUserId: userId, rules },
    ...{ signedUpAt: at, dueAt: new Date(at.getTime() + rules.pay_within_days * dayMs) },
  });
}

/** The invited paid. What is paid from the wallet was paid into it before; what has no rate cannot be counted. */
export async function notePayment(
  context: Context,
  transaction: Transaction,
  payment: {
    paymentId: string;
    organizationId: string;
    amountMinor: string;
    currency: string;
    provider: string;
  },
): Promise<void> {
  const { paymentId, organizationId, currency, provider } = payment;
  if (provider === 'wallet' || !(await findReferralOf(transaction, organizationId))) return;
  const { usageCurrency } = context.config;
  const rate = await exchangeRate(transaction, context.config, currency, usageCurrency);
  const paid = fromMinor({ minor: BigInt(payment.amountMinor), currency });
  const amount = rate === undefined ? 0n : atRate(paid.amount, rate);
  if (amount > 0n) {
    const at = context.clocks.business();
    await insertPayment(transaction, { paymentId, organizationId, amount, at });
  }
  await noteChange(context, transaction, { organizationId });
}

/** Something of the invited's payments changed. */
export async function noteChange(
  context: Context,
  transaction: Transaction,
  { organizationId }: { organizationId: string },
): Promise<void> {
  if (!(await findReferralOf(transaction, organizationId))) return;
  await insertPending(transaction, { id: newId('grw', context.clocks.wall()), organizationId });
}
