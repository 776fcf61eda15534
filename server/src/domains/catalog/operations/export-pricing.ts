import { Document, isMap, isScalar, isSeq, visit } from 'yaml';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { findApplicationBySlug } from '../../identity/index.ts';
import { lastBegun } from '../core/model-group.ts';
import { priceInForce } from '../core/model-price.ts';
import {
  applicationEntry,
  compactEntry,
  couponEntry,
  type Entry,
  type EntryKind,
  featureEntry,
  meterEntry,
  modelGroupEntry,
  modelPriceEntry,
  packageEntry,
  planEntry,
} from '../core/pricing-entries.ts';
import { loadGroups } from '../groups-store.ts';
import { loadFeatures, loadMeters } from '../meters-store.ts';
import { loadModelPrices } from '../store.ts';
import { loadOnSale, sortedBy } from './load-on-sale.ts';

/** The catalog's file, list by list. */
export type PricingLists = Record<string, Entry[]>;

/**
 * All that is on sale and what it is made of, as `applyPricing` reads it. What is archived is left out, unless
 * something on sale still names it.
 * @throws Refusal `rule_violated` for two packages on sale of one name, which a file cannot tell apart.
 */
export async function exportPricing(context: Context): Promise<PricingLists> {
  const { database } = context;
  const { plans, packages, coupons } = await loadOnSale(database);
  const names = packages.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Refusal(
      'rule_violated',
      `There are several packages "${twice}" on sale: rename or archive all but one first.`,
    );
  }
  const quotas = [...plans, ...packages].flatMap((one) => one.quotas);
  const charges = plans.flatMap(({ offer }) => offer.charges);
  const meterIds = new Set([
    ...quotas.map(({ meter }) => meter),
    ...charges.map(({ meter_id: id }) => id),
  ]);
  const references = new Set(plans.flatMap(({ features }) => Object.keys(features)));
  const meters = (await loadMeters(database)).filter(
    ({ id, status }) => status === 'active' || meterIds.has(id),
  );
  const features = (await loadFeatures(database)).filter(
    ({ reference, status }) => status === 'active' || references.has(reference),
  );
  const slugs = new Set(
    [
      ...meters.map(({ applicationSlug }) => applicationSlug),
      ...features.map(({ applicationSlug }) => applicationSlug),
      ...plans.map((plan) => plan.application_slug),
    ].filter((slug) => slug !== null),
  );
  const applications: Entry[] = [];
  for (const slug of [...slugs].sort()) {
    const application = await findApplicationBySlug(database, slug);
    if (application) applications.push(applicationEntry(application));
  }
  const compact = (kind: EntryKind, entries: Entry[]) =>
    entries.map((entry) => compactEntry(kind, entry));
  const lists: PricingLists = {
    applications: compact('application', applications),
    meters: compact('meter', sortedBy(meters, ({ reference }) => reference).map(meterEntry)),
    features: compact(
      'feature',
      sortedBy(features, ({ reference }) => reference).map(featureEntry),
    ),
    plans: compact('plan', plans.map(planEntry)),
    packages: compact('package', packages.map(packageEntry)),
    coupons: compact('coupon', coupons.map(couponEntry)),
    ...(await exportModels(context)),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, entries]) => entries.length > 0));
}

/** Prices that came from the published list are left out: they are there without a file. */
async function exportModels({ database, clocks }: Context): Promise<PricingLists> {
  const now = clocks.business();
  const byModel = Map.groupBy(await loadModelPrices(database), ({ model }) => model);
  const own = [...byModel.values()].flatMap((versions) => {
    const price = priceInForce(versions, now);
    return price?.source === 'operator' ? [price] : [];
  });
  const groups = (await loadGroups(database)).flatMap((group) => {
    const version = lastBegun(group.versions, now);
    return version ? [modelGroupEntry(group, version)] : [];
  });
  const prices = sortedBy(own, ({ model }) => model).map(({ model, ...terms }) =>
    compactEntry('model price', modelPriceEntry({ model, ...terms })),
  );
  return { model_prices: prices, model_groups: groups };
}

/** As YAML for a person: what holds only values stands on one line. */
export function writePricing(lists: PricingLists): string {
  const document = new Document(lists, { aliasDuplicateObjects: false });
  document.commentBefore = ' The catalog: see docs/guides/pricing-as-a-file.md.';
  visit(document, {
    Collection(_key, node, path) {
      const isPart = path.length > 6;
      const items: readonly unknown[] = node.items;
      const values = isMap(node) ? node.items.map(({ value }) => value) : items;
      if ((isPart || isSeq(node)) && values.every((value) => isScalar(value))) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
