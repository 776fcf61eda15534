/**
 * Calls the provider for a refund that is written down. Its number is the same however often it is sent, so a lost answer
 * is made up for by asking, or by sending it again; it never becomes a second refund.
 */
import type { Context } from '../../../platform/context.ts';
import type { Refund } from '../core/refund.ts';
import { nextQueryAt } from '../core/schedule.ts';
import { findPiece } from '../pieces-store.ts';
import type { Connection, RefundOrder, RefundOutcome } from '../provider.ts';
import { claimRefund, findRefund, listDueRefunds } from '../refunds-store.ts';
import { findAttempt } from '../store.ts';
import { finishRefund } from './finish-refund.ts';
import { loadProvider } from './load-provider.ts';
import { notifyUrl } from './read-providers.ts';

/** Sends one refund now; whoever else sends or asks about it at the same time does it alone. */
export async function sendRefund(context: Context, id: string): Promise<void> {
  const refund = await findRefund(context.database, id);
  if (refund && refund.finishedAt === null) await ask(context, refund);
}

const refundsPerPollMax = 500;

/** Asks about every refund whose time has come; answers how many. One that fails keeps none of the others waiting. */
export async function pollRefunds(context: Context): Promise<number> {
  const due = await listDueRefunds(context.database, context.clocks.wall(), refundsPerPollMax);
  for (const refund of due) {
    try {
      await ask(context, refund);
    } catch (error) {
      const { id } = refund;
      context.log.error({ err: error, refund: id }, 'a refund could not be followed up');
    }
  }
  return due.length;
}

async function ask(asker: Context, refund: Refund): Promise<void> {
  const { id, provider, queries } = refund;
  const againAt = nextQueryAt(asker.clocks.wall(), queries + 1);
  if (!(await claimRefund(asker.database, refund, againAt))) return;
  const outcome = await askProvider(asker, refund);
  if (outcome.status === 'unknown') {
    asker.log.warn({ refund: id, provider }, 'the provider did not say what became of a refund');
  }
  // Whoever asked, the audit log says that the provider told us.
  const actor = { ...asker.actor, kind: 'provider' as const, id: provider };
  await finishRefund({ ...asker, actor }, id, outcome);
}

/** What its provider says of it; no transaction is open. */
export async function askProvider(context: Context, refund: Refund): Promise<RefundOutcome> {
  const loaded = await loadProvider(context, context.database, refund.provider);
  const connection = loaded?.connection;
  if (!connection?.refund || connection.merchant !== refund.merchant) return { status: 'unknown' };
  const order = await refundOrderOf(context, refund);
  if (refund.origin === 'provider') return askAboutOutside(connection, order);
  if (refund.queries === 0 || !connection.findRefund) return connection.refund(order);
  const found = await connection.findRefund(order);
  // It never got there, so it is sent, under the same number.
  return found.status === 'absent' ? connection.refund(order) : found;
}

/** It is not ours to send. */
async function askAboutOutside(connection: Connection, order: RefundOrder): Promise<RefundOutcome> {
  const found = await connection.findRefund?.(order);
  return !found || found.status === 'absent' ? { status: 'unknown' } : found;
}

async function refundOrderOf(context: Context, refund: Refund): Promise<RefundOrder> {
  const { attemptId, transactionId, number, charged, reason, provider } = refund;
  const attempt = attemptId === null ? undefined : await findAttempt(context.database, attemptId);
  const piece = await findPiece(context.database, transactionId);
  return {
    number,
    reference: refund.reference,
    payment: {
      number: piece?.number ?? number,
      reference: attempt?.reference ?? null,
      providerTransaction: piece?.providerTransaction ?? '',
      charged: piece?.amount ?? charged,
    },
    amount: charged,
    reason,
    notifyUrl: notifyUrl(context, provider),
  };
}
