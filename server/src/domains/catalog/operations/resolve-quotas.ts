import type { FeatureValue } from '@sluice/contract/meters';
import type { QuotasInput } from '@sluice/contract/plans';
import type { z } from 'zod';
import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { findNamed } from '../core/names.ts';
import { decideQuota, type StoredQuota, storeQuota } from '../core/quota-terms.ts';
import { type Feature, loadFeatures, loadMeters } from '../meters-store.ts';

type QuotaRequests = z.output<typeof QuotasInput>;

/**
 * Finds the meters of quotas as an application, or the deployment, names them, and decides each quota; an archived
 * meter may stay where a quota on it stood before.
 * @throws Refusal `meter_unknown`, `rule_violated`, naming the quota.
 */
export async function resolveQuotas(
  executor: Executor,
  requests: QuotaRequests,
  applicationId: string | null,
  before: readonly StoredQuota[] = [],
): Promise<StoredQuota[]> {
  if (requests.length === 0) return [];
  const kept = new Set(before.map(({ meter }) => meter));
  const meters = (await loadMeters(executor)).filter(
    ({ id, status }) => status === 'active' || kept.has(id),
  );
  const seen = new Set<string>();
  return requests.map((request, index) => {
    const meter = findNamed(meters, applicationId, request.meter);
    if (!meter) throw meterUnknown(request.meter, `quotas.${index}.meter`);
    const decision = decideQuota(meter, request);
    if ('sentence' in decision) {
      throw new Refusal('rule_violated', decision.sentence, {
        param: `quotas.${index}.${decision.field}`,
      });
    }
    const { terms } = decision;
    const name = `${terms.meterId} ${terms.window} ${terms.anchor}`;
    if (seen.has(name)) {
      throw new Refusal('rule_violated', 'Give one quota for each meter, window and anchor.', {
        param: `quotas.${index}`,
      });
    }
    seen.add(name);
    return storeQuota(terms);
  });
}

export function meterUnknown(name: string, param: string): Refusal {
  return new Refusal(
    'meter_unknown',
    `There is no meter "${name}" in use: create it, or name another one.`,
    { param },
  );
}

/**
 * Finds features as an application, or the deployment, names them, and checks their values; answers them by reference.
 * An archived feature may stay where it was given before.
 * @throws Refusal `rule_violated`, naming the feature.
 */
export async function resolveFeatures(
  executor: Executor,
  values: Readonly<Record<string, FeatureValue>>,
  applicationId: string | null,
  before: Readonly<Record<string, FeatureValue>> = {},
): Promise<Record<string, FeatureValue>> {
  if (Object.keys(values).length === 0) return {};
  const features = (await loadFeatures(executor)).filter(
    ({ reference, status }) => status === 'active' || reference in before,
  );
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const param = `features.${name}`;
      const feature = findNamed(features, applicationId, name);
      if (!feature) {
        throw new Refusal(
          'rule_violated',
          `There is no feature "${name}" in use: create it, or name another one.`,
          { param },
        );
      }
      if (!isValueOf(feature.kind, value)) {
        throw new Refusal('rule_violated', featureAdvice(feature), { param });
      }
      return [feature.reference, value];
    }),
  );
}

export function isValueOf(kind: Feature['kind'], value: FeatureValue): boolean {
  return typeof value === (kind === 'text' ? 'string' : kind);
}

export function featureAdvice({ reference, kind }: Pick<Feature, 'reference' | 'kind'>): string {
  const what = { boolean: 'true or false', number: 'a number', text: 'a text' }[kind];
  return `Write ${what}: that is what "${reference}" is.`;
}
