import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/refunds';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import {
  type PageRequest,
  pageOf,
  readCursor,
  readTimes,
  type TimedPageRequest,
} from '../../../platform/http/pages.ts';
import { formatMinor } from '../../../platform/money.ts';
import type { Attempt } from '../core/attempt.ts';
import type { DisputeStatus } from '../core/dispute.ts';
import { presentOrganizationPayment } from '../core/present.ts';
import {
  presentDispute,
  presentPaymentRefund,
  presentRefund,
  presentUnapplied,
} from '../core/present-returns.ts';
import { type RefundStatus, remainingOf } from '../core/refund.ts';
import type { UnappliedState } from '../core/unapplied.ts';
import { findDispute, listDisputeRows } from '../disputes-store.ts';
import { findPieceOfAttempt } from '../pieces-store.ts';
import { findRefund, listRefundRows } from '../refunds-store.ts';
import { findAttempt } from '../store.ts';
import { findUnapplied, listUnappliedRows } from '../unapplied-store.ts';
import { queryDispute } from './poll-disputes.ts';
import { readRefundable } from './refund-payment.ts';

/** What belongs to one payment is shown whole; nothing has more of it. */
const ofPaymentMax = 200;

/** Refunds of all organizations, newest first. */
export async function searchRefunds(
  context: Context,
  request: TimedPageRequest & {
    organization?: string | undefined;
    payment?: string | undefined;
    status?: RefundStatus | undefined;
    origin?: 'operator' | 'provider' | undefined;
  },
) {
  const { organization: organizationId, payment: attemptId, status, origin } = request;
  const rows = await listRefundRows(context.database, {
    ...{ organizationId, attemptId, status, origin, ...readTimes(request) },
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, presentRefund);
}

/** @throws Refusal `not_found`. */
export async function inspectRefund(context: Context, id: string) {
  const refund = await findRefund(context.database, id);
  if (!refund) throw notFound('refund');
  return presentRefund(refund);
}

/**
 * What was given back of an organization's payment, newest first.
 * @throws Refusal `not_found`.
 */
export async function listPaymentRefunds(
  context: Context,
  { organizationId, id }: { organizationId: string; id: string },
) {
  const attempt = await findAttempt(context.database, id);
  if (attempt?.organizationId !== organizationId) throw notFound('payment');
  const rows = await listRefundRows(context.database, { attemptId: id, limit: ofPaymentMax });
  return { data: rows.map(presentPaymentRefund), next_cursor: null };
}

/**
 * One payment with all that became of its money.
 * @throws Refusal `not_found`.
 */
export async function inspectPayment(
  context: Context,
  id: string,
): Promise<AnswerOf<typeof endpoints.inspectPayment>> {
  const attempt = await findAttempt(context.database, id);
  if (!attempt) throw notFound('payment');
  const of = { attemptId: id, limit: ofPaymentMax };
  return {
    ...presentOrganizationPayment(attempt),
    refundable: await presentRefundable(context, attempt),
    refunds: (await listRefundRows(context.database, of)).map(presentRefund),
    disputes: (await listDisputeRows(context.database, of)).map(presentDispute),
    unapplied: (await listUnappliedRows(context.database, of)).map(presentUnapplied),
  };
}

async function presentRefundable(context: Context, attempt: Attempt) {
  const piece = await findPieceOfAttempt(context.database, attempt);
  if (attempt.status !== 'succeeded' || !piece) return null;
  const [parked] = await listUnappliedRows(context.database, { transactionId: piece.id, limit: 1 });
  if (parked && !parked.applied) return null;
  const payment = await readRefundable(context.database, { attempt, piece });
  const left = remainingOf(payment);
  return left.minor > 0n ? { amount: formatMinor(left), by_provider: payment.byProvider } : null;
}

/** Disputes of all organizations, newest first. */
export async function searchDisputes(
  context: Context,
  request: PageRequest & {
    organization?: string | undefined;
    payment?: string | undefined;
    status?: DisputeStatus | undefined;
    unresolved?: boolean | undefined;
  },
) {
  const { organization: organizationId, payment: attemptId, status, unresolved } = request;
  const rows = await listDisputeRows(context.database, {
    ...{ organizationId, attemptId, status, isUnresolved: unresolved },
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, presentDispute);
}

/**
 * One dispute; while it is open its provider is asked where that is possible.
 * @throws Refusal `not_found`.
 */
export async function inspectDispute(context: Context, id: string) {
  const seen = await findDispute(context.database, id);
  if (!seen) throw notFound('dispute');
  if (seen.closedAt === null) await queryDispute(context, seen);
  return presentDispute((await findDispute(context.database, id)) ?? seen);
}

/** Money that fitted nothing, newest first. */
export async function listUnapplied(
  context: Context,
  request: PageRequest & {
    organization?: string | undefined;
    state?: UnappliedState | undefined;
    provider?: string | undefined;
  },
) {
  const { organization: organizationId, state, provider } = request;
  const rows = await listUnappliedRows(context.database, {
    ...{ organizationId, state, provider },
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, presentUnapplied);
}

/** @throws Refusal `not_found`. */
export async function inspectUnapplied(context: Context, id: string) {
  const parked = await findUnapplied(context.database, id);
  if (!parked) throw notFound('money');
  return presentUnapplied(parked);
}
