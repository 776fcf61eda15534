/** What of a template cannot be, although each of its fields is well-formed: said all at once. */
import type { Aggregation, FeatureValue, MeterUnit } from '@sluice/contract/meters';
import { Refusal } from '../../../platform/errors.ts';
import { decideOffer, nothingOffered, type OfferRequest } from './decide-offer.ts';
import { decideMeter, referenceOf } from './meter.ts';
import { findNamed } from './names.ts';
import { decideQuota, type QuotaMeter, type QuotaRequest } from './quota-terms.ts';

export type Path = readonly (string | number)[];

/** Something wrong, and the field that says it; `atKey` where the field's name itself is at fault. */
export interface Problem {
  path: Path;
  message: string;
  atKey?: boolean;
}

interface MeterEntry {
  key: string;
  name: string;
  aggregation: Aggregation;
  unit?: MeterUnit | undefined;
  kind?: 'flow' | 'level' | undefined;
  property?: string | undefined;
}
interface FeatureEntry {
  key: string;
  kind?: 'boolean' | 'number' | 'text' | undefined;
}
type OfferEntry = { [Field in keyof OfferRequest]?: OfferRequest[Field] | undefined };
interface PlanEntry extends OfferEntry {
  slug: string;
  quotas?: readonly ({ meter: string } & QuotaRequest)[] | undefined;
  features?: Readonly<Record<string, FeatureValue>> | undefined;
}
interface TemplateEntries {
  application: { slug: string };
  meters: readonly MeterEntry[];
  features: readonly FeatureEntry[];
  plans: readonly PlanEntry[];
}

type KnownMeter = QuotaMeter & {
  applicationId: string | null;
  key: string;
  name: string;
  property: string | null;
};
interface KnownFeature {
  applicationId: string | null;
  key: string;
  reference: string;
  kind: 'boolean' | 'number' | 'text';
}

/** What the deployment has already: its own meters and features, and those of the application. */
export interface Known {
  applicationId: string | null;
  meters: readonly KnownMeter[];
  features: readonly KnownFeature[];
  /** Plans that are another application's, or the deployment's own. */
  foreignPlans: readonly string[];
}

/** Stands for the application's id while it has none. */
const own = 'the template’s own';

export function checkTemplate(template: TemplateEntries, known: Known): Problem[] {
  const { slug } = template.application;
  const meters: KnownMeter[] = known.meters.filter(({ applicationId }) => applicationId === null);
  const features = known.features.filter(({ applicationId }) => applicationId === null);
  const problems = [
    ...duplicates(template.meters, 'meters', 'key'),
    ...duplicates(template.features, 'features', 'key'),
    ...duplicates(template.plans, 'plans', 'slug'),
  ];
  for (const [index, entry] of template.meters.entries()) {
    const decision = decideMeter(entry);
    if ('sentence' in decision) {
      problems.push({ path: ['meters', index, decision.field], message: decision.sentence });
      continue;
    }
    const meter = {
      ...decision.shape,
      id: entry.key,
      key: entry.key,
      name: entry.name,
      applicationId: own,
      reference: referenceOf(slug, entry.key),
    };
    // Of two with one key the second is wrong already.
    if (meters.some(({ reference }) => reference === meter.reference)) continue;
    problems.push(...checkUnchanged(meter, known, ['meters', index]));
    meters.push(meter);
  }
  for (const [index, entry] of template.features.entries()) {
    const kind = entry.kind ?? 'boolean';
    const before = ownOf(known.features, known, entry.key);
    if (before && before.kind !== kind) {
      problems.push({
        path: ['features', index, 'kind'],
        message: `It is registered as ${before.kind}, which never changes: choose another key.`,
      });
    }
    features.push({
      key: entry.key,
      kind,
      applicationId: own,
      reference: referenceOf(slug, entry.key),
    });
  }
  for (const [index, plan] of template.plans.entries()) {
    if (known.foreignPlans.includes(plan.slug)) {
      problems.push({
        path: ['plans', index, 'slug'],
        message: `There is a plan "${plan.slug}" of another application: choose another slug.`,
      });
    }
    problems.push(...checkQuotas(plan, meters, ['plans', index, 'quotas']));
    problems.push(...checkFeatures(plan, features, ['plans', index, 'features']));
    problems.push(...checkOffer(plan, meters, ['plans', index]));
  }
  return problems;
}

/** How a registered meter counts never changes: what was counted would mean something else. */
function checkUnchanged(meter: KnownMeter, known: Known, path: Path): Problem[] {
  const before = ownOf(known.meters, known, meter.key);
  if (!before) return [];
  const fields = ['aggregation', 'unit', 'kind', 'property'] as const;
  return fields
    .filter((field) => before[field] !== meter[field])
    .map((field) => ({
      path: [...path, field],
      message: `It is registered with ${before[field] ?? 'none'}, and how a meter counts never changes: choose another key.`,
    }));
}

function ownOf<T extends { applicationId: string | null; key: string }>(
  all: readonly T[],
  { applicationId }: Known,
  key: string,
): T | undefined {
  if (applicationId === null) return undefined;
  return all.find((one) => one.applicationId === applicationId && one.key === key);
}

function checkQuotas(plan: PlanEntry, meters: readonly KnownMeter[], path: Path): Problem[] {
  const seen = new Set<string>();
  return (plan.quotas ?? []).flatMap((quota, index) => {
    const meter = findNamed(meters, own, quota.meter);
    if (!meter) {
      const message = `There is no meter "${quota.meter}": define it under meters, or write one of ${namesOf(meters)}.`;
      return [{ path: [...path, index, 'meter'], message }];
    }
    const decision = decideQuota(meter, quota);
    if ('sentence' in decision) {
      return [{ path: [...path, index, decision.field], message: decision.sentence }];
    }
    const name = `${meter.reference} ${decision.terms.window} ${decision.terms.anchor}`;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      { path: [...path, index], message: 'Give one quota for each meter, window and anchor.' },
    ];
  });
}

function checkFeatures(plan: PlanEntry, features: readonly KnownFeature[], path: Path): Problem[] {
  return Object.entries(plan.features ?? {}).flatMap(([name, value]): Problem[] => {
    const feature = findNamed(features, own, name);
    if (!feature) {
      const message = `There is no feature "${name}": define it under features, or write one of ${namesOf(features)}.`;
      return [{ path: [...path, name], message, atKey: true }];
    }
    if (typeof value === (feature.kind === 'text' ? 'string' : feature.kind)) return [];
    const what = { boolean: 'true or false', number: 'a number', text: 'a text' }[feature.kind];
    return [{ path: [...path, name], message: `Write ${what}: that is what "${name}" is.` }];
  });
}

/** The first of what is wrong with prices and charges. */
function checkOffer(plan: PlanEntry, meters: readonly KnownMeter[], path: Path): Problem[] {
  const { prices = [], trial_days = 0, setup_fee = '0', charges = [] } = plan;
  try {
    decideOffer({ ...nothingOffered, prices, trial_days, setup_fee, charges }, (name, param) => {
      const meter = findNamed(meters, own, name);
      if (meter) return meter;
      const message = `There is no meter "${name}": define it under meters, or write one of ${namesOf(meters)}.`;
      throw new Refusal('meter_unknown', message, { param });
    });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [{ path: [...path, ...pathOf(error.param ?? '')], message: error.message }];
  }
}

/** `charges.0.tiers.1` as a path. */
export function pathOf(param: string): Path {
  return param.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function namesOf(all: readonly { key: string }[]): string {
  return all.length === 0 ? 'none' : all.map(({ key }) => key).join(', ');
}

function duplicates<Field extends string>(
  entries: readonly Record<Field, string>[],
  list: string,
  field: Field,
): Problem[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const name = entry[field];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `There is "${name}" above already: give each its own ${field}.`;
    return [{ path: [list, index, field], message }];
  });
}
