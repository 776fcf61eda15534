/** What happens elsewhere is noted within its own transaction, by adding rows: nobody waits, and nothing is missed. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { fromMinor } from '../../../platform/money.ts';
import { addDuration } from '../../../platform/time.ts';
import { findOrganization } from '../../identity/index.ts';
import { exchangeRate, readSetting } from '../../settings/index.ts';
import {
  findCustomer,
  findReseller,
  insertCommission,
  insertCustomer,
} from '../commissions-store.ts';
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
  const inviter = await findOrganization(transaction, inviterId);
  if (inviter?.status !== 'active') return;
  const at = context.clocks.business();
  const reseller = await findReseller(transaction, inviterId);
  if (reseller?.status === 'active') {
    const customer = { customerId: organizationId, resellerId: inviterId, userId, at };
    return insertCustomer(transaction, customer);
  }
  const { enabled, ...rules } = await readSetting(transaction, 'referral_rules');
  if (!enabled) return;
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
  const { paymentId, organizationId, provider } = payment;
  if (provider === 'wallet') return;
  const customer = await findCustomer(transaction, organizationId);
  if (!customer && !(await findReferralOf(transaction, organizationId))) return;
  const amount = await amountOf(context, transaction, payment);
  const at = context.clocks.business();
  if (amount > 0n && customer) {
    await noteCommission(context, transaction, { paymentId, organizationId, amount, ...customer });
  } else if (amount > 0n) {
    await insertPayment(transaction, { paymentId, organizationId, amount, at });
  }
  await noteChange(context, transaction, { organizationId });
}

/** Nano-units of the usage currency; nothing without a rate. */
async function amountOf(
  context: Context,
  transaction: Transaction,
  { amountMinor, currency }: { amountMinor: string; currency: string },
): Promise<bigint> {
  const { usageCurrency } = context.config;
  const rate = await exchangeRate(transaction, context.config, currency, usageCurrency);
  const paid = fromMinor({ minor: BigInt(amountMinor), currency });
  return rate === undefined ? 0n : atRate(paid.amount, rate);
}

/** A reseller's customer paid, within the months that bring a share: at the terms of today. */
async function noteCommission(
  context: Context,
  transaction: Transaction,
  payment: {
    paymentId: string;
    organizationId: string;
    amount: bigint;
    resellerId: string;
    signedUpAt: Date;
  },
): Promise<void> {
  const { paymentId, organizationId: customerId, amount: paid, resellerId, signedUpAt } = payment;
  const reseller = await findReseller(transaction, resellerId);
  if (reseller?.status !== 'active') return;
  const paidAt = context.clocks.business();
  const until = addDuration(signedUpAt, `P${reseller.months}M`);
  if (until === undefined || paidAt >= until) return;
  await insertCommission(transaction, {
    ...{ id: newId('com', paidAt), paymentId, resellerId, customerId, paid, paidAt },
    shareMillionths: reseller.shareMillionths,
    dueAt: new Date(paidAt.getTime() + reseller.waitingDays * dayMs),
  });
}

/** Something of the invited's payments changed. */
export async function noteChange(
  context: Context,
  transaction: Transaction,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const isLookedAt =
    (await findReferralOf(transaction, organizationId)) ??
    (await findCustomer(transaction, organizationId));
  if (!isLookedAt) return;
  await insertPending(transaction, { id: newId('grw', context.clocks.wall()), organizationId });
}
