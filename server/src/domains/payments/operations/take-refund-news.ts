import { type Context, inTransaction } from '../../../platform/context.ts';
import { formatMinor } from '../../../platform/money.ts';
import type { Taken } from '../core/inbox.ts';
import type { Refund } from '../core/refund.ts';
import { isSameMoney } from '../core/settlement.ts';
import { type CollectedPiece, findPieceAtProvider, lockPiece } from '../pieces-store.ts';
import type { Connection, RefundNews } from '../provider.ts';
import { findRefundAtProvider, listRefundRows } from '../refunds-store.ts';
import { finishRefund, lockAttemptOf } from './finish-refund.ts';
import { openRefund } from './open-refund.ts';
import { outsideSourceOf } from './refund-source.ts';
import { askProvider, sendRefund } from './send-refund.ts';

interface Told {
  provider: string;
  connection: Connection;
}

type OutsideRefund = RefundNews & { status: 'succeeded' | 'pending' };

/**
 * Takes what a provider says of a refund. One of ours only moves forward, so repeats, delays and orders make no difference.
 * One that was made at the provider is booked once, under the reference that the provider gives it, and an alarm says so:
 * the money has gone, and is taken from whoever had it.
 */
export async function takeRefundNews(
  context: Context,
  { provider, connection }: Told,
  news: RefundNews,
): Promise<Taken> {
  const { number, reference, status } = news;
  const known = await findRefundAtProvider(context.database, { provider, number, reference });
  if (known) return takeKnown(context, { provider, connection }, { refund: known, news });
  if (status === 'failed') return { outcome: 'ignored' };
  const piece = await findPieceAtProvider(context.database, {
    ...{ provider, merchant: connection.merchant },
    ...news.payment,
  });
  if (!piece) return { outcome: 'unconfirmed', reason: 'It is of no payment that is known here.' };
  const own = await findAmongUnanswered(context, piece, news);
  if (own === 'perhaps') {
    return {
      outcome: 'unconfirmed',
      reason: 'It may be a refund of ours that is not answered yet.',
    };
  }
  if (own) return takeKnown(context, { provider, connection }, { refund: own, news });
  return bookOutside(context, piece, { ...news, status });
}

async function takeKnown(
  context: Context,
  { connection }: Told,
  { refund, news }: { refund: Refund; news: RefundNews },
): Promise<Taken> {
  if (!isSameMoney(refund.charged, news.amount)) {
    const { id, provider } = refund;
    context.log.error({ refund: id, provider }, 'a provider speaks of another amount of a refund');
    return { outcome: 'dead', reason: 'The amount is not that of our refund.' };
  }
  if (refund.status === news.status && refund.reference === news.reference) {
    return { outcome: 'repeated' };
  }
  const isAsked =
    connection.confirmByQuery && connection.findRefund && refund.origin === 'operator';
  const outcome = isAsked ? await askProvider(context, refund) : outcomeOf(news);
  if (outcome.status === 'unknown') {
    return { outcome: 'unconfirmed', reason: 'The provider could not be asked about the refund.' };
  }
  const result = await finishRefund(context, refund.id, outcome);
  if (result === 'contradictory') {
    return { outcome: 'dead', reason: 'It succeeded after it had failed.' };
  }
  return { outcome: result === 'changed' ? 'settled' : 'repeated' };
}

function outcomeOf({ status, reference }: RefundNews) {
  return status === 'failed'
    ? ({ status, reason: 'The provider says that it failed.' } as const)
    : ({ status, reference } as const);
}

const refundsOfPieceMax = 100;

/**
 * News without our number may be of a refund of ours whose answer is lost or under way: it is asked about before anything
 * is booked a second time.
 */
async function findAmongUnanswered(
  context: Context,
  piece: CollectedPiece,
  { reference, amount }: RefundNews,
): Promise<Refund | 'perhaps' | undefined> {
  const unanswered = async () => {
    const all = await listRefundRows(context.database, {
      transactionId: piece.id,
      limit: refundsOfPieceMax,
    });
    return all.filter(
      (refund) =>
        refund.finishedAt === null &&
        refund.reference === null &&
        isSameMoney(refund.charged, amount),
    );
  };
  for (const { id } of await unanswered()) await sendRefund(context, id);
  const { provider } = piece;
  const found = await findRefundAtProvider(context.database, { provider, number: null, reference });
  if (found) return found;
  return (await unanswered()).length > 0 ? 'perhaps' : undefined;
}

/** The attempt's lock, and the reference that is unique, let it be booked once. */
async function bookOutside(
  context: Context,
  { id: pieceId, attemptId, provider }: CollectedPiece,
  news: OutsideRefund,
): Promise<Taken> {
  return inTransaction(context, async (transaction) => {
    const attempt = await lockAttemptOf(transaction, attemptId);
    const piece = await lockPiece(transaction, pieceId);
    const { reference, amount: charged, status } = news;
    const booked = await findRefundAtProvider(transaction, { provider, number: null, reference });
    if (booked || !piece) return { outcome: 'repeated' };
    const isWithin =
      charged.minor > 0n &&
      charged.currency === piece.amount.currency &&
      piece.returnedMinor + charged.minor <= piece.amount.minor;
    if (!isWithin) {
      context.log.error(
        { provider, reference, payment: attemptId },
        'a provider says that more was given back than was collected',
      );
      return { outcome: 'unconfirmed', reason: 'More would be given back than was collected.' };
    }
    await openRefund(context, transaction, {
      ...{ piece, charged, destination: 'provider', leavesDebt: true },
      ...(await outsideSourceOf(context, transaction, {
        attempt,
        piece,
        charged,
        isCounted: true,
      })),
      reason: 'Made at the provider',
      outside: { reference, status },
    });
    context.log.error(
      { provider, reference, payment: attemptId, amount: formatMinor(charged) },
      'a refund was made at the provider: it is booked here, look whether that is right',
    );
    return { outcome: 'settled' };
  });
}
