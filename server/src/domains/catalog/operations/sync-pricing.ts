/** Brings what plans are made of up to date with the catalog's file: applications, meters and features. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  createApplication,
  findApplicationBySlug,
  updateApplication,
} from '../../identity/index.ts';
import { describeDifference } from '../core/describe-difference.ts';
import { decideMeter } from '../core/meter.ts';
import {
  applicationEntry,
  type Entry,
  type EntryKind,
  featureEntry,
  meterEntry,
} from '../core/pricing-entries.ts';
import { findFeatureByKey, findMeterByKey } from '../meters-store.ts';
import type { PricingFile } from '../pricing-schema.ts';
import type { PricingChange } from './apply-pricing.ts';
import { createFeatureWithin, updateFeatureWithin } from './create-feature.ts';
import { createMeterWithin, updateMeterWithin } from './create-meter.ts';
import { type Owner, resolveOwner } from './resolve-application.ts';

/** What became of a definition, and what is still to be done where it is to be archived. */
interface Synced {
  change: PricingChange;
  archive: (() => Promise<unknown>) | undefined;
}

/** An application's status is not the file's: an archived one's keys stay refused. */
export async function syncApplication(
  context: Context,
  transaction: Transaction,
  entry: PricingFile['applications'][number],
): Promise<PricingChange> {
  const { slug, name, description = null } = entry;
  const before = await findApplicationBySlug(transaction, slug);
  if (!before) {
    await createApplication(context, transaction, { slug, name, description });
    return added('application', slug);
  }
  const after = { slug, name, description };
  const change = compared('application', slug, applicationEntry(before), applicationEntry(after));
  if (change.fields.length > 0) {
    await updateApplication(context, transaction, { id: before.id, name, description });
  }
  return change;
}

export async function syncMeter(
  context: Context,
  transaction: Transaction,
  entry: PricingFile['meters'][number],
): Promise<Synced> {
  const { key, owner } = await resolveReference(transaction, entry.meter, 'meter');
  const { name, requires_quota, status } = entry;
  const before = await findMeterByKey(transaction, owner.applicationId, key);
  const archiveOf = (id: string) => () =>
    updateMeterWithin(context, transaction, id, { status: 'archived' });
  if (!before) {
    const made = await createMeterWithin(context, transaction, owner, { ...entry, key });
    const archive = status === 'archived' ? archiveOf(made.id) : undefined;
    return { change: added('meter', entry.meter), archive };
  }
  refuseToCountOtherwise(before, entry);
  const changed = await updateMeterWithin(context, transaction, before.id, {
    ...{ name, requires_quota },
    ...(status === 'active' && { status }),
  });
  const after = { ...changed, status };
  return {
    change: compared('meter', entry.meter, meterEntry(before), meterEntry(after)),
    archive: changed.status === status ? undefined : archiveOf(before.id),
  };
}

type Counting = Parameters<typeof decideMeter>[0];

/** How a meter counts never changes: what was counted would mean something else. */
function refuseToCountOtherwise(before: Counting, entry: Counting): void {
  const decision = decideMeter(entry);
  if ('sentence' in decision) {
    throw new Refusal('rule_violated', decision.sentence, { param: decision.field });
  }
  for (const field of ['aggregation', 'unit', 'kind', 'property'] as const) {
    if (before[field] === decision.shape[field]) continue;
    throw new Refusal(
      'rule_violated',
      `It has ${before[field] ?? 'none'} here, and how a meter counts never changes: choose another key.`,
      { param: field },
    );
  }
}

export async function syncFeature(
  context: Context,
  transaction: Transaction,
  entry: PricingFile['features'][number],
): Promise<Synced> {
  const { key, owner } = await resolveReference(transaction, entry.feature, 'feature');
  const { name, kind, status } = entry;
  const before = await findFeatureByKey(transaction, owner.applicationId, key);
  const archiveOf = (id: string) => () =>
    updateFeatureWithin(context, transaction, id, { status: 'archived' });
  if (!before) {
    const made = await createFeatureWithin(context, transaction, owner, { key, name, kind });
    const archive = status === 'archived' ? archiveOf(made.id) : undefined;
    return { change: added('feature', entry.feature), archive };
  }
  if (before.kind !== kind) {
    throw new Refusal(
      'rule_violated',
      `It is ${before.kind} here, which never changes: choose another key.`,
      { param: 'kind' },
    );
  }
  const changed = await updateFeatureWithin(context, transaction, before.id, {
    name,
    ...(status === 'active' && { status }),
  });
  const after = { ...changed, status };
  return {
    change: compared('feature', entry.feature, featureEntry(before), featureEntry(after)),
    archive: changed.status === status ? undefined : archiveOf(before.id),
  };
}

async function resolveReference(
  transaction: Transaction,
  reference: string,
  field: 'meter' | 'feature',
): Promise<{ key: string; owner: Owner }> {
  const [first = '', second] = reference.split('.');
  if (second === undefined) return { key: first, owner: await resolveOwner(transaction, null) };
  if (!(await findApplicationBySlug(transaction, first))) {
    throw new Refusal(
      'rule_violated',
      `There is no application "${first}": add it under applications.`,
      { param: field },
    );
  }
  return { key: second, owner: await resolveOwner(transaction, first) };
}

export function added(kind: EntryKind, name: string): PricingChange {
  return { change: 'added', kind, name, fields: [] };
}

export function compared(
  kind: EntryKind,
  name: string,
  before: Entry,
  after: Entry,
): PricingChange {
  const fields = describeDifference(before, after);
  if (fields.length === 0) return { change: 'unchanged', kind, name, fields };
  const isArchived = before.status === 'active' && after.status === 'archived';
  return {
    change: isArchived ? 'archived' : 'changed',
    kind,
    name,
    fields: isArchived ? fields.filter(({ field }) => field !== 'status') : fields,
  };
}
