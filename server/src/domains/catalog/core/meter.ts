/** What is counted, and how. */
import type { Aggregation, MeterUnit } from '@sluice/contract/meters';

export interface Meter {
  id: string;
  /** Null: the deployment's own. */
  applicationId: string | null;
  applicationSlug: string | null;
  key: string;
  /** Its name everywhere: `requests`, or `medical.analyses`. */
  reference: string;
  name: string;
  aggregation: Aggregation;
  unit: MeterUnit;
  kind: 'flow' | 'level';
  /** Whose distinct values `unique` counts. */
  property: string | null;
  requiresQuota: boolean;
  status: 'active' | 'archived';
  createdAt: Date;
}

/** The deployment's own meters: every settled call of a model moves them. */
export const costMeterId = 'mtr_cost';

/** How something of an application, or of the deployment, is called everywhere. */
export function referenceOf(applicationSlug: string | null, key: string): string {
  return applicationSlug === null ? key : `${applicationSlug}.${key}`;
}

type Shape = Pick<Meter, 'aggregation' | 'unit' | 'kind' | 'property'>;
export type MeterDecision =
  | { shape: Shape }
  | { field: 'aggregation' | 'unit' | 'kind' | 'property'; sentence: string };

const levels: readonly Aggregation[] = ['sum', 'weighted_sum', 'latest'];

/** Decides how a meter counts: what is left out follows from the aggregation. */
export function decideMeter(request: {
  aggregation: Aggregation;
  unit?: MeterUnit | undefined;
  kind?: 'flow' | 'level' | undefined;
  property?: string | null | undefined;
}): MeterDecision {
  const { aggregation, unit = 'count', kind = 'flow', property = null } = request;
  if ((aggregation === 'count' || aggregation === 'unique') && unit !== 'count') {
    return { field: 'unit', sentence: `A meter that counts (${aggregation}) has the unit count.` };
  }
  if (aggregation === 'unique' && property === null) {
    return { field: 'property', sentence: 'Name the property whose distinct values are counted.' };
  }
  if (aggregation !== 'unique' && property !== null) {
    return {
      field: 'property',
      sentence: 'Only a meter of distinct values (unique) has a property: leave it out.',
    };
  }
  if (kind === 'level' && !levels.includes(aggregation)) {
    return {
      field: 'kind',
      sentence:
        'A level is a sum of changes, as it is or by how long it stood, or the latest value: write flow, sum, weighted_sum or latest.',
    };
  }
  return { shape: { aggregation, unit, kind, property } };
}
