import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Comparison } from '../core/compare.ts';
import { findSource } from '../store.ts';
import { compareImport } from './compare-import.ts';
import { openKept } from './compare-watched.ts';

/**
 * Compares an installation whose address was kept when it was imported.
 * @throws Refusal `not_found`, `rule_violated`.
 */
export async function compareKept(context: Context, name: string): Promise<Comparison> {
  const source = await findSource(context.database, name);
  if (!source) {
    throw new Refusal('not_found', `Nothing was imported under the name ${name}: check --name.`);
  }
  const old = await openKept(context, source);
  try {
    return await compareImport(context, old, name);
  } finally {
    await old.close();
  }
}
