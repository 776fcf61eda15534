/**
 * Decides by what is true now on the commissions that a customer's payments bring. Locks: the customer of the reseller → the
 * reseller's funds → audit head. What happens when:
 *
 * - a crash at any line: nothing is committed, and what waited waits on;
 * - a repeat, or two processes at once: the second waits at the customer's row and finds that as much is given as is owed;
 * - a refund or dispute before it is earned: it is a share of what stayed, or refused;
 * - after it: what is unspent is taken back, and given again as far as it is still owed or owed anew, as when a dispute is won;
 * - in between, not committed yet when the payments were read: it has its own row waiting, and is judged next.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { formatNanos } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { openGrant, takeBackGrant } from '../../ledger/index.ts';
import { isOnHold, listPaymentStandingsById } from '../../payments/index.ts';
import {
  type Commission,
  type CommissionGrant,
  insertCommissionGrant,
  listGrants,
  listJudgeable,
  listWaitingCustomers,
  lockCustomer,
  saveCommission,
  saveGrantTakenBack,
} from '../commissions-store.ts';
import { type CommissionDecision, decideCommission } from '../core/commission.ts';
import type { Kinship } from '../core/referral.ts';
import { shareOf } from '../core/rules.ts';
import { takePending } from '../signals-store.ts';
import { kinshipOf } from './load-facts.ts';

/** So many customers in one run: the next one goes on. */
const judgedMax = 1000;

/** Judges what is due of every reseller; answers by how many customers. */
export async function judgeCommissions(context: Context): Promise<number> {
  const seen = new Set<string>();
  while (seen.size < judgedMax) {
    const now = context.clocks.business();
    const waiting = await listWaitingCustomers(context.database, now, 50 + seen.size);
    const fresh = waiting.filter((id) => !seen.has(id));
    if (fresh.length === 0) return seen.size;
    for (const id of fresh) {
      seen.add(id);
      try {
        await judgeCustomer(context, id);
      } catch (error) {
        // What others earned shall not wait for it.
        context.log.error({ err: error, customer: id }, 'commissions were not judged');
      }
    }
  }
  return seen.size;
}

export async function judgeCustomer(context: Context, customerId: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const customer = await lockCustomer(transaction, customerId);
    if (!customer) return;
    await takePending(transaction, customerId);
    const commissions = await listJudgeable(transaction, customerId);
    const standing = await loadStanding(transaction, { ...customer, customerId }, commissions);
    const changes: Change[] = [];
    for (const commission of commissions) {
      const change = await judge(context, transaction, { commission, standing });
      if (change) changes.push(change);
    }
    // The audit log's head comes last of all locks.
    for (const change of changes) await audit(context, transaction, change);
  });
}

interface Standing {
  payments: ReadonlyMap<string, { part: bigint; whole: bigint; isDisputed: boolean }>;
  grants: ReadonlyMap<string, readonly CommissionGrant[]>;
  kinship: readonly Kinship[];
  isOnHold: boolean;
  isActive: boolean;
}

async function loadStanding(
  transaction: Transaction,
  { resellerId, customerId }: { resellerId: string; customerId: string },
  commissions: readonly Commission[],
): Promise<Standing> {
  const paymentIds = commissions.map(({ paymentId }) => paymentId);
  const standings = await listPaymentStandingsById(transaction, paymentIds);
  const commissionIds = commissions.map(({ id }) => id);
  const grants = await listGrants(transaction, commissionIds);
  const reseller = await findOrganization(transaction, resellerId);
  return {
    payments: new Map(
      standings.map(({ id, refundedMinor: part, amountMinor: whole, isDisputed }) => [
        id,
        { part, whole, isDisputed },
      ]),
    ),
    grants: Map.groupBy(grants, ({ commissionId }) => commissionId),
    kinship: await kinshipOf(transaction, customerId, [resellerId]),
    isOnHold:
      (await isOnHold(transaction, resellerId)) || (await isOnHold(transaction, customerId)),
    isActive: reseller?.status === 'active',
  };
}

interface Change {
  commission: Commission;
  action: 'earn' | 'refuse' | 'claw_back';
  /** Nano-units: given by it, or taken back. */
  amount: bigint;
}

async function judge(
  context: Context,
  transaction: Transaction,
  { commission, standing }: { commission: Commission; standing: Standing },
): Promise<Change | undefined> {
  const now = context.clocks.business();
  const payment = standing.payments.get(commission.paymentId);
  if (!payment) return undefined;
  const grants = standing.grants.get(commission.id) ?? [];
  const returned = shareOf(commission.paid, payment);
  const given = grants.reduce((sum, { amount, takenBack }) => sum + amount - takenBack, 0n);
  const { kinship, isOnHold: isHeld, isActive } = standing;
  const decision = decideCommission(
    {
      ...{ ...commission, returned, given, kinship, isActive, isOnHold: isHeld },
      ...{ isDisputed: payment.isDisputed, shareMillionths: BigInt(commission.shareMillionths) },
    },
    now,
  );
  const kept = commission.paid - returned;
  const next = stateAfter({ ...commission, kept }, decision);
  await saveCommission(transaction, next);
  if (decision.kind === 'refuse') return { commission: next, action: 'refuse', amount: 0n };
  if (decision.kind !== 'owe') return undefined;
  const moved = await settle(context, transaction, { commission: next, grants, given, decision });
  return { commission: next, action: moved > 0n ? 'earn' : 'claw_back', amount: moved };
}

function stateAfter(commission: Commission, decision: CommissionDecision): Commission {
  if (decision.kind === 'leave') return commission;
  const { reason = null } = decision;
  if (decision.kind === 'wait') return { ...commission, reason, dueAt: decision.until };
  if (decision.kind === 'refuse') return { ...commission, state: 'refused', reason, dueAt: null };
  const state = decision.amount > 0n ? 'earned' : 'clawed_back';
  return { ...commission, state, reason, dueAt: null };
}

/** Brings what is given to what is owed, as far as it is not spent; answers by how much it changed. */
async function settle(
  context: Context,
  transaction: Transaction,
  {
    commission,
    grants,
    given,
    decision,
  }: {
    commission: Commission;
    grants: readonly CommissionGrant[];
    given: bigint;
    decision: Extract<CommissionDecision, { kind: 'owe' }>;
  },
): Promise<bigint> {
  const { id: commissionId, resellerId: organizationId } = commission;
  let left = given;
  if (decision.amount < given) {
    for (const grant of grants) {
      const taken = await takeBackGrant(context, transaction, { ...grant, organizationId });
      await saveGrantTakenBack(transaction, { ...grant, takenBack: grant.takenBack + taken });
      left -= taken;
    }
  }
  const missing = decision.amount - left;
  if (missing > 0n) {
    const { usageCurrency: currency } = context.config;
    const grant = await openGrant(context, transaction, {
      ...{ organizationId, amount: { amount: missing, currency }, priority: 0, expiresAt: null },
      ...{ reference: commissionId, note: 'Commission' },
    });
    const givenAt = context.clocks.business();
    const next = { commissionId, number: grants.length, grantId: grant.id, amount: missing };
    await insertCommissionGrant(transaction, { ...next, takenBack: 0n, givenAt });
    left += missing;
  }
  return left - given;
}

async function audit(
  context: Context,
  transaction: Transaction,
  { commission, action, amount }: Change,
): Promise<void> {
  const { id, resellerId, customerId, paymentId, reason } = commission;
  const { usageCurrency: currency } = context.config;
  await recordAudit(context, transaction, {
    organizationId: resellerId,
    action: `commission.${action}`,
    resource: { kind: 'commission', id },
    newValues: {
      ...{ customer: customerId, payment: paymentId, reason },
      ...{ amount: formatNanos(amount < 0n ? -amount : amount), currency },
    },
  });
}
