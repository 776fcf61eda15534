/** Brings each part of a template up to date: creates what is missing, changes what differs, leaves the rest alone. */

import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { presentPlan } from '../core/present-plan.ts';
import { isSameJson } from '../core/same-json.ts';
import { findFeatureByKey, findMeterByKey } from '../meters-store.ts';
import { findPlan } from '../plans-store.ts';
import type { Template } from '../template-schema.ts';
import { createFeatureWithin, updateFeatureWithin } from './create-feature.ts';
import { createMeterWithin, updateMeterWithin } from './create-meter.ts';
import { createPlanWithin, updatePlanWithin } from './create-plan.ts';
import type { TemplateChange } from './register-template.ts';
import type { Owner } from './resolve-application.ts';

export async function syncMeter(
  context: Context,
  transaction: Transaction,
  owner: Owner,
  entry: Template['meters'][number],
): Promise<TemplateChange> {
  const before = await findMeterByKey(transaction, owner.applicationId, entry.key);
  if (!before) {
    const { reference } = await createMeterWithin(context, transaction, owner, entry);
    return created('meter', reference);
  }
  const after = await updateMeterWithin(context, transaction, before.id, {
    name: entry.name,
    requires_quota: entry.requires_quota ?? false,
    status: 'active',
  });
  return compared('meter', before.reference, { before, after });
}

export async function syncFeature(
  context: Context,
  transaction: Transaction,
  owner: Owner,
  entry: Template['features'][number],
): Promise<TemplateChange> {
  const before = await findFeatureByKey(transaction, owner.applicationId, entry.key);
  if (!before) {
    const { reference } = await createFeatureWithin(context, transaction, owner, entry);
    return created('feature', reference);
  }
  const after = await updateFeatureWithin(context, transaction, before.id, {
    name: entry.name,
    status: 'active',
  });
  return compared('feature', before.reference, { before, after });
}

/** What a template leaves out of a plan is as in a new plan, so that the file says everything. */
export async function syncPlan(
  context: Context,
  transaction: Transaction,
  owner: Owner,
  entry: Template['plans'][number],
): Promise<TemplateChange> {
  const found = await findPlan(transaction, entry.slug);
  if (!found) {
    await createPlanWithin(context, transaction, owner, entry);
    return created('plan', entry.slug);
  }
  const { slug: _, ...terms } = entry;
  const changed = await updatePlanWithin(context, transaction, found.id, {
    ...completePlan(terms),
    status: 'active',
  });
  const { version: _before, ...before } = presentPlan(found);
  const { version: _after, ...after } = presentPlan(changed);
  return compared('plan', entry.slug, { before, after });
}

/** A plan's fields with what a file leaves out as in a new plan. */
export function completePlan<T extends Partial<Template['plans'][number]>>(terms: T) {
  return {
    ...terms,
    description: terms.description ?? null,
    quotas: terms.quotas ?? [],
    features: terms.features ?? {},
    models: terms.models ?? ['*'],
    rate_limits: { rpm: null, tpm: null, concurrency: null, ...terms.rate_limits },
    on_short_funds: terms.on_short_funds ?? 'reject',
    on_abort: terms.on_abort ?? 'delivered',
    prices: terms.prices ?? [],
    trial_days: terms.trial_days ?? 0,
    setup_fee: terms.setup_fee ?? '0',
    charges: terms.charges ?? [],
    proration: terms.proration ?? 'second',
    refund: terms.refund ?? 'unused',
    visible_to: terms.visible_to ?? 'public',
    addon_of: terms.addon_of ?? null,
  };
}

function created(kind: TemplateChange['kind'], name: string): TemplateChange {
  return { kind, name, change: 'created', fields: [] };
}

function compared(
  kind: TemplateChange['kind'],
  name: string,
  { before, after }: { before: object; after: object },
): TemplateChange {
  const old = new Map(Object.entries(before));
  const fields = Object.entries(after)
    .filter(([field, value]) => !isSameJson(old.get(field), value))
    .map(([field]) => field);
  return { kind, name, change: fields.length > 0 ? 'updated' : 'unchanged', fields };
}
