import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { atPar, readRate } from '../core/money-there.ts';
import type { OldInstallation } from '../core/old-installation.ts';
import { openClaudeRelay } from '../source-store/claude-relay.ts';
import { openOneApi } from '../source-store/one-api.ts';
import { findWatchedSources, type SourceRow } from '../store.ts';
import { compareImport } from './compare-import.ts';
import { locationPurpose } from './run-import.ts';

/** Where an installation is, as it is kept. */
const Location = z.object({
  database: z.string().optional(),
  redis: z.string().optional(),
  rate: z.string().optional(),
});

/**
 * Compares every installation whose address was kept. One that cannot be read is logged, and the others go on.
 */
export async function compareWatched(context: Context): Promise<void> {
  for (const source of await findWatchedSources(context.database)) {
    try {
      await compareOne(context, source);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.log.error({ source: source.name, reason: error.message }, 'not compared');
    }
  }
}

async function compareOne(context: Context, source: SourceRow): Promise<void> {
  const old = await openKept(context, source);
  try {
    const { differencesCount } = await compareImport(context, old, source.name);
    const facts = { source: source.name, differences: differencesCount };
    if (differencesCount > 0)
      context.log.warn(facts, 'an installation differs from what was moved');
    else context.log.info(facts, 'an installation is as it was moved');
  } finally {
    await old.close();
  }
}

/**
 * Opens an installation at the address that was kept with its import.
 * @throws Refusal `rule_violated` where none was kept, or nothing is there.
 */
export async function openKept(context: Context, source: SourceRow): Promise<OldInstallation> {
  const { sealedLocation, id, kind, name } = source;
  if (sealedLocation === null) {
    throw new Refusal('rule_violated', `The address of ${name} was not kept: say where it is.`);
  }
  const kept = JSON.parse(context.sealer.open(sealedLocation, locationPurpose(id)));
  const { database = '', redis = '', rate: text } = Location.parse(kept);
  const rate = (text === undefined ? undefined : readRate(text)) ?? atPar;
  const { timeZone } = context.config;
  if (kind !== 'claude-relay') return openOneApi({ kind, database, rate, timeZone });
  const now = context.clocks.wall();
  return openClaudeRelay({ url: redis, encryptionKey: undefined, rate, timeZone, now });
}
