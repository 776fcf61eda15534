/** Brings the price book up to date with the catalog's file: prices of models, groups and their multipliers. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { parseMultiplier } from '../../../platform/multiplier.ts';
import { lastBegun } from '../core/model-group.ts';
import { priceInForce } from '../core/model-price.ts';
import { modelGroupEntry, modelPriceEntry } from '../core/pricing-entries.ts';
import { loadGroups } from '../groups-store.ts';
import type { PricingFile } from '../pricing-schema.ts';
import { loadModelPrices } from '../store.ts';
import type { PricingChange } from './apply-pricing.ts';
import { createModelGroupWithin, updateModelGroupWithin } from './change-model-groups.ts';
import { createModelPriceWithin } from './create-model-price.ts';
import { readPriceTerms } from './read-price-terms.ts';
import { added, compared } from './sync-pricing.ts';

/** What differs from the version in force becomes another one, which is in force from now on. */
export async function syncModelPrice(
  context: Context,
  transaction: Transaction,
  entry: PricingFile['model_prices'][number],
): Promise<PricingChange> {
  const { model } = entry;
  const versions = await loadModelPrices(transaction, model);
  const before = priceInForce(versions, context.clocks.business());
  if (!before) {
    await createModelPriceWithin(context, transaction, entry);
    return added('model price', model);
  }
  const after = { model, ...readPriceTerms(entry) };
  const change = compared('model price', model, modelPriceEntry(before), modelPriceEntry(after));
  if (change.fields.length > 0) await createModelPriceWithin(context, transaction, entry);
  return change;
}

export async function syncModelGroup(
  context: Context,
  transaction: Transaction,
  entry: PricingFile['model_groups'][number],
): Promise<PricingChange> {
  const { slug, ...terms } = entry;
  const now = context.clocks.business();
  const group = (await loadGroups(transaction)).find((one) => one.slug === slug);
  const before = group && lastBegun(group.versions, now);
  if (!group || !before) {
    if (group) await updateModelGroupWithin(context, transaction, group.id, terms);
    else await createModelGroupWithin(context, transaction, entry);
    return added('model group', slug);
  }
  const wanted = { ...terms, multiplierMillionths: parseMultiplier(terms.multiplier) };
  const change = compared(
    'model group',
    slug,
    modelGroupEntry(group, before),
    modelGroupEntry({ slug, name: terms.name }, wanted),
  );
  if (change.fields.length > 0) {
    await updateModelGroupWithin(context, transaction, group.id, terms);
  }
  return change;
}
