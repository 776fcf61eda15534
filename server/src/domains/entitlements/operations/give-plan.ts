import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  currentPlanVersion,
  findMetersById,
  findPlanVersion,
  type PlanVersion,
  readQuota,
} from '../../catalog/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { type AddOnTerms, timesQuantity, withAddOns } from '../core/add-on-terms.ts';
import type { RunningLimits } from '../core/running-limits.ts';
import { bindSeats } from '../core/seats.ts';
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
  /** Its terms as they were in that version, also of a plan that is archived; left out, as they are now. */
  version?: number;
  startsAt: Date;
  endsAt?: Date | null;
  /** From which windows that do not follow the calendar are counted; left out, a plan in force keeps its own. */
  anchorAt?: Date;
  /** How many were bought, by which seats are counted; left out, one. */
  quantity?: number;
  /** Limits that stand in for the plan's own until the running period ends. */
  running?: RunningLimits;
  /** What is had on top of it, until it ends. */
  addOns?: readonly GivenAddOn[];
}

export interface GivenAddOn {
  planId: string;
  version: number;
  quantity: number;
  running?: RunningLimits;
}

/**
 * Gives an organization a plan in place of the one it has, and its quotas at once. What was used within a window stays
 * counted, and what is given again is not given twice.
 * @throws Refusal `not_found` for the plan; `rule_violated` for a plan that is archived, begins later or has ended.
 */
export async function givePlan(
  context: Context,
  transaction: Transaction,
  grant: PlanGrant,
): Promise<OrganizationPlan> {
  const { organizationId, startsAt, endsAt = null, running } = grant;
  const now = context.clocks.business();
  const plan = await requirePlan(transaction, grant);
  const addOns = await requireAddOns(transaction, grant.addOns ?? []);
  requireGiveable({ startsAt, endsAt, now });

  await lockFunds(transaction, organizationId);
  const before = await findOrganizationPlan(transaction, organizationId);
  const kept = before && isInForce(before, now) ? before.anchorAt : startsAt;
  const own = termsOf(plan, {
    organizationId,
    startsAt,
    endsAt,
    anchorAt: grant.anchorAt ?? kept,
    quantity: grant.quantity ?? 1,
  });
  const given = withAddOns(own, addOns);
  const quotas = plan.terms.quotas.map(readQuota);
  const meters = await findMetersById(
    transaction,
    [...quotas, ...addOns.flatMap((addOn) => addOn.quotas)].map(({ meterId }) => meterId),
  );
  const source = { organizationId, anchorAt: given.anchorAt, source: 'plan' as const, startsAt };
  await putOrganizationPlan(transaction, given);
  await changeQuotas(context, transaction, {
    organizationId,
    remove: { source: 'plan' },
    add: [
      ...grantsOf(quotas, meters, { ...source, sourceId: plan.planId, endsAt, running }),
      ...addOns.flatMap(({ planId, quotas: more, running: until }) =>
        grantsOf(more, meters, { ...source, sourceId: planId, endsAt, running: until }),
      ),
    ],
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

/** Only a version that somebody has is given of an archived plan. */
async function requirePlan(
  transaction: Transaction,
  { planId, version }: PlanGrant,
): Promise<PlanVersion> {
  if (version !== undefined) {
    const plan = await findPlanVersion(transaction, planId, version);
    if (!plan) throw notFound('version of the plan', 'plan');
    return plan;
  }
  const plan = await currentPlanVersion(transaction, planId);
  if (!plan) throw notFound('plan', 'plan');
  if (plan.status === 'archived') {
    throw new Refusal('rule_violated', `"${plan.slug}" is archived: take it back first.`, {
      param: 'plan',
    });
  }
  return plan;
}

async function requireAddOns(
  transaction: Transaction,
  addOns: readonly GivenAddOn[],
): Promise<AddOnTerms[]> {
  return Promise.all(
    addOns.map(async ({ planId, version, quantity, running }) => {
      const plan = await findPlanVersion(transaction, planId, version);
      if (!plan) throw notFound('version of the add-on', 'plan');
      const { features, models, quotas } = plan.terms;
      return { planId, quantity, running, features, models, quotas: quotas.map(readQuota) };
    }),
  ).then((all) => all.map(timesQuantity));
}

function requireGiveable({
  startsAt,
  endsAt,
  now,
}: {
  startsAt: Date;
  endsAt: Date | null;
  now: Date;
}): void {
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
  { planId, slug, name, version, terms }: PlanVersion,
  {
    quantity,
    ...given
  }: Pick<OrganizationPlan, 'organizationId' | 'startsAt' | 'endsAt' | 'anchorAt'> & {
    quantity: number;
  },
): OrganizationPlan {
  return {
    ...given,
    ...{ planId, slug, name, version },
    features: bindSeats(terms.features, quantity),
    models: [...terms.models],
    requestsPerMinute: terms.requests_per_minute,
    tokensPerMinute: terms.tokens_per_minute === null ? null : Number(terms.tokens_per_minute),
    concurrency: terms.concurrency,
    onShortFunds: terms.on_short_funds,
    onAbort: terms.on_abort,
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
