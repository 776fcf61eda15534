/** What the catalog's file says of each thing: in full, so that two can be compared, or without what goes without saying. */
import type { Coupon } from '@sluice/contract/coupons';
import type { z } from 'zod';
import { formatMinor, formatNanos, parseMinor } from '../../../platform/money.ts';
import { formatMultiplier } from '../../../platform/multiplier.ts';
import { presentCoupon } from './coupon.ts';
import type { Meter } from './meter.ts';
import type { GroupVersion, ModelGroup } from './model-group.ts';
import type { StoredPrice } from './offer.ts';
import { presentOffer } from './offer.ts';
import type { PlanTerms } from './plan.ts';
import { type PackageRecord, presentTerms } from './present.ts';
import type { PriceTerms } from './price-terms.ts';
import { presentQuota, type StoredQuota } from './quota-terms.ts';
import { isSameJson } from './same-json.ts';

export type EntryKind =
  | 'application'
  | 'meter'
  | 'feature'
  | 'plan'
  | 'package'
  | 'coupon'
  | 'model price'
  | 'model group';
export type Entry = Readonly<Record<string, unknown>>;

interface PlanRecord extends PlanTerms {
  slug: string;
  name: string;
  description: string | null;
  application_slug: string | null;
  sort_order: number;
  status: 'active' | 'archived';
}

export function applicationEntry(record: {
  slug: string;
  name: string;
  description: string | null;
}): Entry {
  const { slug, name, description } = record;
  return { slug, name, description };
}

export function meterEntry(meter: Meter): Entry {
  const { reference, name, aggregation, unit, kind, property, requiresQuota, status } = meter;
  const counted = { aggregation, unit, kind, property };
  return { meter: reference, name, ...counted, requires_quota: requiresQuota, status };
}

export function featureEntry(feature: {
  reference: string;
  name: string;
  kind: 'boolean' | 'number' | 'text';
  status: 'active' | 'archived';
}): Entry {
  const { reference, name, kind, status } = feature;
  return { feature: reference, name, kind, status };
}

export function planEntry(row: PlanRecord): Entry {
  const { prices: _, charges, ...offer } = presentOffer(row.offer);
  return {
    slug: row.slug,
    application: row.application_slug,
    name: row.name,
    description: row.description,
    prices: row.offer.prices.map(priceEntry),
    charges: charges.map(({ meter, name, model, ...rest }) => ({ meter, name, model, ...rest })),
    ...offer,
    quotas: row.quotas.map(quotaEntry),
    features: row.features,
    models: row.models,
    rate_limits: {
      rpm: row.requests_per_minute,
      tpm: row.tokens_per_minute === null ? null : Number(row.tokens_per_minute),
      concurrency: row.concurrency,
    },
    on_short_funds: row.on_short_funds,
    on_abort: row.on_abort,
    sort_order: row.sort_order,
    status: row.status,
  };
}

function priceEntry(price: StoredPrice): Entry {
  const { currency, interval, interval_count, setup_fee: fee, minimum_commitment: minimum } = price;
  const shown = (text: string) => formatMinor(parseMinor(text, currency));
  return {
    ...{ currency, interval, interval_count },
    amount: shown(price.amount),
    setup_fee: fee === null ? null : shown(fee),
    minimum_commitment: minimum === null ? null : shown(minimum),
  };
}

function quotaEntry(quota: StoredQuota): Entry {
  const { unit: _, ...entry } = presentQuota(quota);
  return entry;
}

export function packageEntry(row: PackageRecord): Entry {
  const { name, description, currency, duration_days, sort_order, status } = row;
  return {
    ...{ name, description },
    price: formatMinor({ minor: row.price_minor, currency }),
    ...{ currency, duration_days },
    daily_limit: formatNanos(row.daily_limit),
    quotas: row.quotas.map(quotaEntry),
    ...{ sort_order, status },
  };
}

export function couponEntry(row: Parameters<typeof presentCoupon>[0]): Entry {
  const {
    id: _,
    created_at: _made,
    redemptions: _used,
    ...entry
  }: z.output<typeof Coupon> = presentCoupon(row);
  return entry;
}

export function modelPriceEntry({ model, ...terms }: PriceTerms & { model: string }): Entry {
  return { model, ...presentTerms(terms) };
}

export function modelGroupEntry(
  { slug, name }: Pick<ModelGroup, 'slug' | 'name'>,
  version: Pick<GroupVersion, 'models' | 'multiplierMillionths'>,
): Entry {
  const { models, multiplierMillionths } = version;
  return { slug, name, models, multiplier: formatMultiplier(multiplierMillionths) };
}

/** What is so where the file says nothing. */
const unsaid: Record<EntryKind, Entry> = {
  application: { description: null },
  meter: { unit: 'count', kind: 'flow', property: null, requires_quota: false, status: 'active' },
  feature: { kind: 'boolean', status: 'active' },
  plan: {
    application: null,
    description: null,
    prices: [],
    trial_days: 0,
    setup_fee: '0.00',
    charges: [],
    proration: 'second',
    refund: 'unused',
    visible_to: 'public',
    addon_of: null,
    quotas: [],
    features: {},
    models: ['*'],
    rate_limits: { rpm: null, tpm: null, concurrency: null },
    on_short_funds: 'reject',
    on_abort: 'delivered',
    sort_order: 0,
    status: 'active',
  },
  package: { description: null, quotas: [], sort_order: 0, status: 'active' },
  coupon: {
    percent: null,
    amount: null,
    currency: null,
    periods: null,
    redemptions_max: null,
    redemptions_per_organization_max: null,
    plans: null,
    expires_at: null,
    status: 'active',
  },
  'model price': { tiers: [], service_tiers: {}, context_window: null, max_output_tokens: null },
  'model group': {},
};

/** Of the parts of an entry. */
const unsaidOfParts: Readonly<Record<string, Entry>> = {
  prices: { interval_count: 1, setup_fee: null, minimum_commitment: null },
  quotas: { anchor: 'calendar' },
  rate_limits: { rpm: null, tpm: null, concurrency: null },
};

/** Without what goes without saying. */
export function compactEntry(kind: EntryKind, entry: Entry): Entry {
  const said = Object.entries(without(entry, unsaid[kind]));
  return Object.fromEntries(
    said.map(([field, value]) => {
      const parts = unsaidOfParts[field];
      if (!parts) return [field, value];
      return [
        field,
        Array.isArray(value)
          ? value.map((part: Entry) => without(part, parts))
          : without(value as Entry, parts),
      ];
    }),
  );
}

function without(entry: Entry, defaults: Entry): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([field, value]) => !(field in defaults && isSameJson(defaults[field], value)),
    ),
  );
}
