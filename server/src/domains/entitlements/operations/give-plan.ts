import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { findMetersById, findPlan, type PlanRow, readQuota } from '../../catalog/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import {
  deleteOrganizationPlan,
  findOrganizationPlan,
  type OrganizationPlan,
  putOrganizationPlan,
} from '../plans-store.ts';
import { termsChannel } from '../terms-book.ts';
import { changeQuotas } from './change-quotas.ts';
import { grantsOf } from './grants-of.ts';

export interface PlanGrant {
  organizationId: string;
  /** Id or slug. */
  planId: string;
  startsAt: Date;
  endsAt?: Date | null;
  /** From which windows that do not follow the calendar are counted; left out, a plan in force keeps its own. */
  anchorAt?: Date;
}

/**
 * Gives an organization a plan in place of the one it has: its terms as they are now, its quotas at once. What was used
 * within a window stays counted.
 * @throws Refusal `not_found` for the plan; `rule_violated` for a plan that is archived, begins later or has ended.
 */
export async function givePlan(
  context: Context,
  transaction: Transaction,
  grant: PlanGrant,
): Promise<OrganizationPlan> {
  const { organizationId, startsAt, endsAt = null } = grant;
  const now = context.clocks.business();
  const plan = await findPlan(transaction, grant.planId);
  if (!plan) throw notFound('plan', 'plan');
  requireGiveable(plan, { startsAt, endsAt, now });

  await lockFunds(transaction, organizationId);
  const before = await findOrganizationPlan(transaction, organizationId);
  const kept = before && isInForce(before, now) ? before.anchorAt : startsAt;
  const given = termsOf(plan, {
    organizationId,
    startsAt,
    endsAt,
    anchorAt: grant.anchorAt ?? kept,
  });
  const quotas = plan.quotas.map(readQuota);
  const meters = await findMetersById(
    transaction,
    quotas.map(({ meterId }) => meterId),
  );
  await putOrganizationPlan(transaction, given);
  await changeQuotas(context, transaction, {
    organizationId,
    remove: { source: 'plan' },
    add: grantsOf(quotas, meters, {
      organizationId,
      anchorAt: given.anchorAt,
      source: 'plan',
      sourceId: plan.id,
      startsAt,
      endsAt,
    }),
  });
  await notify(transaction, termsChannel, organizationId);
  await recordAudit(context, transaction, {
    organizationId,
    action: 'plan.give',
    resource: { kind: 'organization', id: organizationId },
    oldValues: before ? auditValues(before) : {},
    newValues: auditValues(given),
  });
  return given;
}

/** Ends an organization's plan at once, with its quotas; without one it does nothing. */
export async function endPlan(context: Context, organizationId: string): Promise<void> {
  await inTransaction(context, (transaction) =>
    endPlanWithin(context, transaction, organizationId),
  );
}

/** As `endPlan`, within the transaction of what ends it. */
export async function endPlanWithin(
  context: Context,
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  await lockFunds(transaction, organizationId);
  const before = await findOrganizationPlan(transaction, organizationId);
  if (!before) return;
  await deleteOrganizationPlan(transaction, organizationId);
  await changeQuotas(context, transaction, { organizationId, remove: { source: 'plan' } });
  await notify(transaction, termsChannel, organizationId);
  await recordAudit(context, transaction, {
    organizationId,
    action: 'plan.end',
    resource: { kind: 'organization', id: organizationId },
    oldValues: auditValues(before),
  });
}

function requireGiveable(
  plan: PlanRow,
  { startsAt, endsAt, now }: { startsAt: Date; endsAt: Date | null; now: Date },
): void {
  if (plan.status === 'archived') {
    throw new Refusal('rule_violated', `"${plan.slug}" is archived: take it back first.`, {
      param: 'plan',
    });
  }
  if (startsAt > now) {
    throw new Refusal('rule_violated', 'Give the plan when it begins: now or earlier.', {
      param: 'starts_at',
    });
  }
  if (endsAt !== null && endsAt <= now) {
    throw new Refusal('rule_violated', 'Let the plan end later than now.', { param: 'ends_at' });
  }
}

function isInForce({ endsAt }: OrganizationPlan, now: Date): boolean {
  return endsAt === null || endsAt > now;
}

function termsOf(
  plan: PlanRow,
  given: { organizationId: string; startsAt: Date; endsAt: Date | null; anchorAt: Date },
): OrganizationPlan {
  return {
    ...given,
    planId: plan.id,
    slug: plan.slug,
    name: plan.name,
    version: plan.version,
    features: plan.features,
    models: plan.models,
    requestsPerMinute: plan.requests_per_minute,
    tokensPerMinute: plan.tokens_per_minute === null ? null : Number(plan.tokens_per_minute),
    concurrency: plan.concurrency,
    onShortFunds: plan.on_short_funds,
  };
}

function auditValues(plan: OrganizationPlan): Record<string, unknown> {
  return {
    plan: plan.slug,
    version: plan.version,
    starts_at: plan.startsAt.toISOString(),
    ends_at: plan.endsAt?.toISOString() ?? null,
  };
}
