import type { BodyOf } from '@sluice/contract/endpoint';
import type { createPlan as endpoint, updatePlan as updateEndpoint } from '@sluice/contract/plans';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { nothingOffered } from '../core/decide-offer.ts';
import { decideOverage } from '../core/overage.ts';
import { isSameTerms, termsOf } from '../core/plan.ts';
import { isSameJson } from '../core/same-json.ts';
import {
  insertPlan,
  insertPlanVersion,
  lockPlan,
  type PlanRow,
  replacePlan,
} from '../plans-store.ts';
import { type Owner, resolveOwner } from './resolve-application.ts';
import { resolveOffer } from './resolve-offer.ts';
import { resolveFeatures, resolveQuotas } from './resolve-quotas.ts';

type Command = BodyOf<typeof endpoint>;
type Changes = BodyOf<typeof updateEndpoint>;

/**
 * Defines a plan. Bare names of meters and features are its application's own first, then the deployment's.
 * @throws Refusal `already_exists` for a slug that is taken; `meter_unknown`, `rule_violated`, `amount_out_of_range` for
 * what it cannot give or cost.
 */
export async function createPlan(context: Context, command: Command): Promise<PlanRow> {
  return inTransaction(context, async (transaction) =>
    createPlanWithin(
      context,
      transaction,
      await resolveOwner(transaction, command.application),
      command,
    ),
  );
}

/** As `createPlan`, of an owner that is known, within the transaction of a larger change. */
export async function createPlanWithin(
  context: Context,
  transaction: Transaction,
  owner: Owner,
  command: Omit<Command, 'application'>,
): Promise<PlanRow> {
  const now = context.clocks.business();
  const offer = await resolveOffer(transaction, nothingOffered, command, owner.applicationId);
  const quotas = await resolveQuotas(transaction, command.quotas ?? [], owner.applicationId);
  const row: PlanRow = {
    id: newId('pln', now),
    slug: command.slug,
    name: command.name,
    description: command.description ?? null,
    application_id: owner.applicationId,
    application_slug: owner.applicationSlug,
    version: 1,
    quotas: decideOverage(quotas, offer),
    features: await resolveFeatures(transaction, command.features ?? {}, owner.applicationId),
    models: command.models ?? ['*'],
    requests_per_minute: command.rate_limits?.rpm ?? null,
    tokens_per_minute: bigintOf(command.rate_limits?.tpm ?? null),
    concurrency: command.rate_limits?.concurrency ?? null,
    on_short_funds: command.on_short_funds ?? 'reject',
    on_abort: command.on_abort ?? 'delivered',
    offer,
    sort_order: command.sort_order ?? 0,
    status: 'active',
    created_at: now,
    updated_at: now,
  };
  if (!(await insertPlan(transaction, row))) {
    throw new Refusal('already_exists', `There is a plan "${row.slug}": choose another slug.`, {
      param: 'slug',
    });
  }
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'plan.create',
    resource: { kind: 'plan', id: row.id },
    newValues: auditValues(row),
  });
  return row;
}

/**
 * Changes a plan for those who get it from now on: what it gives or costs is another version.
 * @throws Refusal `not_found`, `meter_unknown`, `rule_violated`, `amount_out_of_range`.
 */
export async function updatePlan(context: Context, id: string, changes: Changes): Promise<PlanRow> {
  return inTransaction(context, (transaction) =>
    updatePlanWithin(context, transaction, id, changes),
  );
}

/** As `updatePlan`, within the transaction of a larger change. */
export async function updatePlanWithin(
  context: Context,
  transaction: Transaction,
  id: string,
  changes: Changes,
): Promise<PlanRow> {
  const before = await lockPlan(transaction, id);
  if (!before) throw notFound('plan');
  const wanted = await applyChanges(transaction, before, changes);
  const isSame = isSameTerms(before, wanted);
  // "10.0" and "10.00" are the same price: the version that says it already stays.
  const changed = isSame ? { ...wanted, ...termsOf(before) } : wanted;
  if (isSameJson(auditValues(before), auditValues(changed))) return before;
  const after: PlanRow = {
    ...changed,
    version: isSame ? before.version : before.version + 1,
    updated_at: context.clocks.business(),
  };
  await replacePlan(transaction, after);
  if (after.version > before.version) await insertPlanVersion(transaction, after);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'plan.update',
    resource: { kind: 'plan', id: before.id },
    oldValues: auditValues(before),
    newValues: auditValues(after),
  });
  return after;
}

/** Archives a plan; who has it keeps it. @throws Refusal `not_found`. */
export async function deletePlan(context: Context, id: string): Promise<void> {
  await updatePlan(context, id, { status: 'archived' });
}

async function applyChanges(
  transaction: Transaction,
  before: PlanRow,
  changes: Changes,
): Promise<PlanRow> {
  const { quotas, features, rate_limits: rates } = changes;
  const owner = before.application_id;
  const offer = await resolveOffer(transaction, before.offer, changes, owner);
  const wanted = quotas
    ? await resolveQuotas(transaction, quotas, owner, before.quotas)
    : before.quotas;
  return {
    ...before,
    name: changes.name ?? before.name,
    description: changes.description === undefined ? before.description : changes.description,
    quotas: decideOverage(wanted, offer),
    features: features
      ? await resolveFeatures(transaction, features, owner, before.features)
      : before.features,
    models: changes.models ?? before.models,
    requests_per_minute: rates?.rpm === undefined ? before.requests_per_minute : rates.rpm,
    tokens_per_minute: rates?.tpm === undefined ? before.tokens_per_minute : bigintOf(rates.tpm),
    concurrency: rates?.concurrency === undefined ? before.concurrency : rates.concurrency,
    on_short_funds: changes.on_short_funds ?? before.on_short_funds,
    on_abort: changes.on_abort ?? before.on_abort,
    offer,
    sort_order: changes.sort_order ?? before.sort_order,
    status: changes.status ?? before.status,
  };
}

function bigintOf(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

function auditValues(row: PlanRow): Record<string, unknown> {
  return {
    slug: row.slug,
    name: row.name,
    description: row.description,
    version: row.version,
    quotas: row.quotas,
    features: row.features,
    models: row.models,
    requests_per_minute: row.requests_per_minute,
    tokens_per_minute: row.tokens_per_minute === null ? null : String(row.tokens_per_minute),
    concurrency: row.concurrency,
    on_short_funds: row.on_short_funds,
    on_abort: row.on_abort,
    offer: row.offer,
    sort_order: row.sort_order,
    status: row.status,
  };
}
