import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import {
  type Page,
  type PageRequest,
  pageOf,
  readCursor,
  readTimes,
  type TimedPageRequest,
} from '../../../platform/http/pages.ts';
import { type AttemptStatus, isOpen } from '../core/attempt.ts';
import { type PaymentView, presentOrganizationPayment, presentPayment } from '../core/present.ts';
import { pageQueryDistanceMs } from '../core/schedule.ts';
import { providerNamed } from '../providers/index.ts';
import { claimQuery, findAttempt, listAttempts } from '../store.ts';
import { queryAttempt } from './query-attempt.ts';
import { startPayment } from './start-payment.ts';

/** Payments of one organization, newest first. */
export async function listPayments(
  context: Context,
  request: PageRequest & { organizationId: string },
): Promise<Page<PaymentView>> {
  const rows = await listAttempts(context.database, {
    organizationId: request.organizationId,
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, presentPayment);
}

/**
 * One payment of the organization. While it is open the provider is asked, at most every two seconds, so that the
 * page on which the payer waits turns even where no notification reaches us.
 * @throws Refusal `not_found`.
 */
export async function getPayment(
  context: Context,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<PaymentView> {
  const attempt = await findAttempt(context.database, id);
  if (attempt?.organizationId !== organizationId) throw notFound('payment');
  const finds = providerNamed(attempt.provider)?.capabilities.finds === true;
  if (!finds || !isOpen(attempt.status)) return presentPayment(attempt);

  const wall = context.clocks.wall();
  const notSince = new Date(wall.getTime() - pageQueryDistanceMs);
  if (await claimQuery(context.database, id, { wall, notSince })) {
    await queryAttempt(context, attempt);
  }
  if (attempt.methodId !== null) {
    return presentPayment((await findAttempt(context.database, id)) ?? attempt);
  }
  // A start whose outcome was lost is made up for: the number is the same, so it is the same order at the provider.
  return startPayment(context, id);
}

/** Payments of all organizations, newest first. */
export async function searchPayments(
  context: Context,
  request: TimedPageRequest & {
    organization?: string | undefined;
    provider?: string | undefined;
    collected?: 'true' | undefined;
    status?: AttemptStatus | undefined;
    q?: string | undefined;
  },
) {
  const rows = await listAttempts(context.database, {
    organizationId: request.organization,
    provider: request.provider,
    isCollected: request.collected !== undefined,
    status: request.status,
    ...readTimes(request),
    q: request.q,
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, presentOrganizationPayment);
}
