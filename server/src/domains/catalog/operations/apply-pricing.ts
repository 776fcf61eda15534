import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal, type TextProblem } from '../../../platform/errors.ts';
import { type Path, type Problem, pathOf } from '../core/check-template.ts';
import type { FieldChange } from '../core/describe-difference.ts';
import type { EntryKind } from '../core/pricing-entries.ts';
import { nameFields, PricingFile } from '../pricing-schema.ts';
import { lockPricing } from '../store.ts';
import { readText, sorted } from '../template-text.ts';
import { archiveMissing } from './archive-missing.ts';
import { syncModelGroup, syncModelPrice } from './sync-model-prices.ts';
import { syncCoupon, syncPackage, syncPricedPlan } from './sync-offers.ts';
import { syncApplication, syncFeature, syncMeter } from './sync-pricing.ts';

export interface PricingChange {
  change: 'added' | 'changed' | 'archived' | 'unchanged';
  kind: EntryKind;
  name: string;
  /** Of a plan, where the file makes another one. */
  version?: number | undefined;
  fields: FieldChange[];
}

export interface ApplyPricingCommand {
  text: string;
  /** Takes off sale what the file does not name. */
  archivesMissing: boolean;
  /** Does everything and takes it back: the answer is what would happen. */
  isTrial: boolean;
}

/**
 * Makes the catalog what a file says, in one transaction: adds what is missing, changes what differs, leaves the rest
 * alone. Changed terms of a plan are another version, so that customers stay on what they bought.
 * @throws Refusal `template_invalid` with every problem and its place in the text.
 */
export async function applyPricing(
  context: Context,
  command: ApplyPricingCommand,
): Promise<PricingChange[]> {
  const { file, locate } = readPricing(command.text);
  try {
    return await inTransaction(context, async (transaction) => {
      await lockPricing(transaction);
      const { changes, problems } = await applyFile(context, transaction, file);
      refuse(problems.map(locate));
      if (command.archivesMissing) {
        changes.push(...(await archiveMissing(context, transaction, file)));
      }
      if (command.isTrial) throw new TakenBack(changes);
      return changes;
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.changes;
    throw error;
  }
}

/** Ends a transaction whose work is only to be looked at. */
class TakenBack extends Error {
  readonly changes: PricingChange[];
  constructor(changes: PricingChange[]) {
    super('a trial is taken back');
    this.changes = changes;
  }
}

function readPricing(text: string) {
  const { value: file, problems, locate } = readText(text, PricingFile);
  refuse(problems);
  if (!file) throw new Error('a file without problems was read');
  refuse(duplicatesIn(file).map(locate));
  return { file, locate };
}

function refuse(problems: readonly TextProblem[]): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw new Refusal('template_invalid', `Correct the file: it has ${count}.`, {
    details: sorted(problems),
  });
}

function duplicatesIn(file: PricingFile): Problem[] {
  return (Object.keys(nameFields) as (keyof typeof nameFields)[]).flatMap((list) => {
    const field = nameFields[list];
    const seen = new Set<unknown>();
    return file[list].flatMap((entry: Record<string, unknown>, index): Problem[] => {
      const name = entry[field];
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      const message = `There is "${name}" above already: give each its own ${field}.`;
      return [{ path: [list, index, field], message }];
    });
  });
}

/** What each entry comes to; a refusal ends only its own entry, so that all problems are said at once. */
async function applyFile(context: Context, transaction: Transaction, file: PricingFile) {
  const changes: PricingChange[] = [];
  const problems: Problem[] = [];
  const attempt = async <T>(path: Path, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push({ path: [...path, ...pathOf(error.param ?? '')], message: error.message });
      return undefined;
    }
  };
  const syncAll = async <E>(
    list: keyof PricingFile,
    sync: (context: Context, transaction: Transaction, entry: E) => Promise<PricingChange>,
  ) => {
    for (const [index, entry] of file[list].entries()) {
      const change = await attempt([list, index], () => sync(context, transaction, entry as E));
      if (change) changes.push(change);
    }
  };
  // Meters and features that the file archives may still be named by plans, so they are archived last.
  const archivals: { path: Path; archive: () => Promise<unknown> }[] = [];
  await syncAll('applications', syncApplication);
  for (const [list, sync] of [
    ['meters', syncMeter],
    ['features', syncFeature],
  ] as const) {
    for (const [index, entry] of file[list].entries()) {
      const path = [list, index];
      const done = await attempt(path, () => sync(context, transaction, entry as never));
      if (!done) continue;
      changes.push(done.change);
      if (done.archive) archivals.push({ path, archive: done.archive });
    }
  }
  await syncAll('plans', syncPricedPlan);
  await syncAll('packages', syncPackage);
  await syncAll('coupons', syncCoupon);
  await syncAll('model_prices', syncModelPrice);
  await syncAll('model_groups', syncModelGroup);
  for (const { path, archive } of archivals) await attempt(path, archive);
  return { changes, problems };
}
