import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import {
  type Dispute,
  type DisputeState,
  goneOf,
  isClosed,
  mergeDispute,
} from '../core/dispute.ts';
import type { Taken } from '../core/inbox.ts';
import { moves } from '../core/moves.ts';
import {
  findDisputeNamed,
  insertDispute,
  lockDisputeNamed,
  saveDispute,
} from '../disputes-store.ts';
import { type CollectedPiece, findPiece, findPieceAtProvider } from '../pieces-store.ts';
import type { Connection, DisputeNews } from '../provider.ts';
import { giveBackBorne } from './bear-dispute.ts';
import { lockAttemptOf } from './finish-refund.ts';
import { tellUnsettled } from './tell-unsettled.ts';

interface Told {
  provider: string;
  connection: Connection;
}

/** Takes what a provider says of a dispute; where it can be asked, its answer counts. */
export async function takeDisputeNews(
  context: Context,
  { provider, connection }: Told,
  news: DisputeNews,
): Promise<Taken> {
  const { merchant } = connection;
  if (!connection.confirmByQuery || !connection.findDispute) {
    return keepDispute(context, { provider, merchant, news, isAnswer: false });
  }
  const found = await connection.findDispute(news.reference);
  if (found.status !== 'found') {
    return {
      outcome: 'unconfirmed',
      reason: 'The provider does not confirm the dispute when asked.',
    };
  }
  return keepDispute(context, { provider, merchant, news: found.dispute, isAnswer: true });
}

export interface KeepDisputeCommand {
  provider: string;
  merchant: string;
  news: DisputeNews;
  /** Whether it is the answer to a question, so that it says how an open dispute stands now. */
  isAnswer: boolean;
}

/**
 * Merges what was heard into the dispute, and lets the ledger follow: what is gone moves to `disputes`, what is won comes
 * back. The result is the same whatever came first, and however often. Locks: attempt → dispute → organization.
 *
 * A crash before the commit undoes all of it, and the message comes again; a dispute whose provider can be asked is asked
 * about until it is over.
 */
export async function keepDispute(context: Context, command: KeepDisputeCommand): Promise<Taken> {
  return inTransaction(context, async (transaction) => {
    const named = { ...command, reference: command.news.reference };
    const piece = await findDisputedPiece(transaction, command);
    if (piece && piece.amount.currency !== command.news.amount.currency) {
      return { outcome: 'dead', reason: 'It is in another currency than its payment.' };
    }
    const attempt = await lockAttemptOf(transaction, piece?.attemptId ?? null);
    const fresh = newDispute(context, command);
    await insertDispute(transaction, fresh);
    const before = await lockDisputeNamed(transaction, named);
    invariant(before, 'a dispute is there once it was inserted');
    const isNew = before.id === fresh.id;
    const linked: Dispute = {
      ...before,
      transactionId: before.transactionId ?? piece?.id ?? null,
      attemptId: before.attemptId ?? attempt?.id ?? null,
      organizationId: before.organizationId ?? attempt?.organizationId ?? null,
    };
    const after = { ...linked, ...stateAfter(before, command) };
    if (!isNew && !hasChanged(before, after)) return { outcome: 'repeated' };
    const kept = await follow(context, transaction, { ...after, ...datesOf(context, after) });
    await saveDispute(transaction, kept, nextQuestion(context, command, kept));
    await tellUnsettled(context, transaction, kept);
    await tell(context, transaction, { before: isNew ? undefined : before, after: kept });
    return { outcome: 'settled' };
  });
}

async function findDisputedPiece(
  transaction: Transaction,
  { provider, merchant, news }: KeepDisputeCommand,
): Promise<CollectedPiece | undefined> {
  const { reference, payment } = news;
  const known = await findDisputeNamed(transaction, { provider, merchant, reference });
  if (known?.transactionId) return findPiece(transaction, known.transactionId);
  return findPieceAtProvider(transaction, { provider, merchant, ...payment });
}

function newDispute(context: Context, { provider, merchant, news }: KeepDisputeCommand): Dispute {
  const now = context.clocks.business();
  const { reference, amount, status, reason, respondBy, isWithdrawn } = news;
  return {
    id: newId('dsp', now),
    ...{ provider, merchant, reference },
    ...{ transactionId: null, attemptId: null, organizationId: null },
    ...{ amount, status, reason, respondBy, isWithdrawn, bookedMinor: 0n },
    ...{ borneBy: null, borneMinor: null, note: null, queries: 0 },
    ...{ openedAt: now, changedAt: now, closedAt: isClosed(status) ? now : null },
    ...{ resolvedAt: null, resolvedBy: null },
  };
}

function stateAfter(before: Dispute, { news, isAnswer }: KeepDisputeCommand): DisputeState {
  const { amount, status, reason, respondBy, isWithdrawn } = before;
  const merged = mergeDispute({ amount, status, reason, respondBy, isWithdrawn }, heard(news));
  // An open one goes to and fro between us and the bank; only an answer says where it is now. No money hangs on it.
  const isOpen = !isClosed(merged.status) && !isClosed(news.status);
  return isAnswer && isOpen ? { ...merged, status: news.status } : merged;
}

function heard({ amount, status, reason, respondBy, isWithdrawn }: DisputeNews): DisputeState {
  return { amount, status, reason, respondBy, isWithdrawn };
}

function hasChanged(before: Dispute, after: Dispute): boolean {
  return (
    before.status !== after.status ||
    before.isWithdrawn !== after.isWithdrawn ||
    before.amount.minor !== after.amount.minor ||
    before.amount.currency !== after.amount.currency ||
    before.reason !== after.reason ||
    before.respondBy?.getTime() !== after.respondBy?.getTime() ||
    before.transactionId !== after.transactionId
  );
}

function datesOf(context: Context, { status, closedAt }: Dispute) {
  const now = context.clocks.business();
  return { changedAt: now, closedAt: isClosed(status) ? (closedAt ?? now) : null };
}

/** Lets the ledger have gone what is gone; answers the dispute as it is then. */
async function follow(
  context: Context,
  transaction: Transaction,
  dispute: Dispute,
): Promise<Dispute> {
  const { id, organizationId, provider, amount, bookedMinor } = dispute;
  if (organizationId === null) return dispute;
  const gone = goneOf(dispute);
  const isMore = gone > bookedMinor;
  const minor = isMore ? gone - bookedMinor : bookedMinor - gone;
  const clearing = `clearing:${provider}` as const;
  const accounts = isMore
    ? ({ debit: 'disputes', credit: clearing } as const)
    : ({ debit: clearing, credit: 'disputes' } as const);
  await postTransfers(
    context,
    transaction,
    organizationId,
    moves(accounts, { minor, currency: amount.currency }).map((move) => ({
      ...move,
      ...{ kind: 'dispute', reference: id },
    })),
  );
  const booked = { ...dispute, bookedMinor: gone };
  return dispute.borneBy !== null && dispute.status === 'won'
    ? giveBackBorne(context, transaction, booked)
    : booked;
}

const hourMs = 3_600_000;

/** Asked about until it is over, and what was won until it is back. */
function nextQuestion(context: Context, { isAnswer }: KeepDisputeCommand, after: Dispute) {
  const isOver = after.status === 'lost' || (after.status === 'won' && !after.isWithdrawn);
  return isAnswer && !isOver ? new Date(context.clocks.wall().getTime() + hourMs) : null;
}

/** The audit log and an alarm: a deadline may run, and money is gone or back. */
async function tell(
  context: Context,
  transaction: Transaction,
  { before, after }: { before: Dispute | undefined; after: Dispute },
): Promise<void> {
  const values = ({ status, isWithdrawn, amount }: Dispute) => ({
    ...{ status, withdrawn: isWithdrawn },
    ...{ amount: formatMinor(amount), currency: amount.currency },
  });
  await recordAudit(context, transaction, {
    organizationId: after.organizationId,
    action: before ? 'dispute.change' : 'dispute.open',
    resource: { kind: 'dispute', id: after.id },
    ...(before && { oldValues: values(before) }),
    newValues: { ...values(after), payment: after.attemptId, provider: after.provider },
  });
  if (before?.status === after.status && before.isWithdrawn === after.isWithdrawn) return;
  const about = {
    dispute: after.id,
    payment: after.attemptId,
    organization: after.organizationId,
    provider: after.provider,
    status: after.status,
    respond_by: after.respondBy?.toISOString(),
  };
  if (after.transactionId === null) {
    context.log.error(about, 'a provider tells of a dispute over a payment that is not known here');
  } else if (after.status === 'won') {
    context.log.warn(about, 'a dispute was won');
  } else if (after.status === 'lost') {
    context.log.error(about, 'a dispute was lost: decide who bears it');
  } else {
    context.log.error(
      about,
      'a payer disputes a payment: answer at the provider before the deadline',
    );
  }
}
