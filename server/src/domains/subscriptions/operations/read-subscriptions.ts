/** Lists of subscriptions and billing runs; nothing is decided here. */

import type { listBillingRuns as runsEndpoint } from '@sluice/contract/billing-runs';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import type { SubscriptionStatus } from '../core/lifecycle.ts';
import {
  presentOrganizationSubscription,
  presentSubscription,
} from '../core/present-subscription.ts';
import type { Subscription } from '../core/record.ts';
import { type BillingRun, listRuns } from '../runs-store.ts';
import { findSubscription, listSubscriptionRows } from '../subscriptions-store.ts';
import { dunningSteps } from './hold-subscription.ts';

interface SubscriptionQuery extends PageRequest {
  organizationId?: string | undefined;
  plan?: string | undefined;
  status?: SubscriptionStatus | undefined;
}

/** Subscriptions of one organization, the newest first. */
export function listSubscriptions(
  context: Context,
  query: SubscriptionQuery & { organizationId: string },
) {
  return readPage(context, query, presentSubscription);
}

/** Subscriptions of all organizations, the newest first, with what is done about what is overdue. */
export async function searchSubscriptions(context: Context, query: SubscriptionQuery) {
  const steps = await dunningSteps(context.database);
  return readPage(context, query, (found) => presentOrganizationSubscription(found, steps));
}

/** @throws Refusal `not_found`. */
export async function inspectSubscription(context: Context, id: string) {
  const found = await requireSubscription(context, { id });
  return presentOrganizationSubscription(found, await dunningSteps(context.database));
}

async function readPage<View>(
  context: Context,
  query: SubscriptionQuery,
  present: (subscription: Subscription) => View,
) {
  const { organizationId, plan, status } = query;
  const rows = await listSubscriptionRows(context.database, {
    ...{ organizationId, plan, status },
    before: readCursor(query),
    limit: query.limit + 1,
  });
  return pageOf(rows, query, ({ id }) => id, present);
}

/** @throws Refusal `not_found`. */
export async function requireSubscription(
  context: Context,
  { id, organizationId }: { id: string; organizationId?: string },
): Promise<Subscription> {
  const found = await findSubscription(context.database, id);
  if (found && (organizationId === undefined || found.organizationId === organizationId)) {
    return found;
  }
  throw notFound('subscription');
}

export async function listBillingRuns(context: Context, query: PageRequest) {
  const page = { before: readCursor(query), limit: query.limit + 1 };
  const rows = await listRuns(context.database, page);
  return pageOf(rows, query, ({ id }) => id, presentRun);
}

export function presentRun(run: BillingRun): AnswerOf<typeof runsEndpoint>['data'][number] {
  const { started_at: startedAt, completed_at: completedAt, due_until: dueUntil, ...counts } = run;
  return {
    ...counts,
    due_until: dueUntil.toISOString(),
    started_at: startedAt.toISOString(),
    completed_at: completedAt?.toISOString() ?? null,
  };
}
