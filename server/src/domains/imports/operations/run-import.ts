/** Moves another installation in: accounts, balances, keys, usage and channels, batch by batch. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { PriceBook } from '../../catalog/index.ts';
import { keepKeySalt } from '../../identity/index.ts';
import { type RunningOperation, runOperation } from '../../jobs/index.ts';
import type { OldInstallation } from '../core/old-installation.ts';
import { type ImportReport, newReport } from '../core/report.ts';
import { ensureSource, findSource, lockSource, type SourceRow, saveLocation } from '../store.ts';
import { comparePrices } from './compare-prices.ts';
import { moveAccounts } from './move-accounts.ts';
import { moveChannels } from './move-channels.ts';
import { moveOldKeys } from './move-old-keys.ts';
import { moveUsage } from './move-usage.ts';

export interface ImportCommand {
  /** The operator's name for the installation, which its things are known by when it is imported again. */
  name: string;
  /** Without it, nothing is changed: the report says what would be. */
  applies: boolean;
  /** What that installation hashes its keys with, and how they begin. */
  salt?: { prefix: string; text: string } | undefined;
  /** Who gets the keys that are nobody's. */
  owner?: string | undefined;
  /** Where it is: kept, sealed, for the comparison by night. */
  watchAt?: string | undefined;
  /** Ours, to be told where the other installation's differ. */
  prices?: Pick<PriceBook, 'priceOf'> | undefined;
  /** Stops behind the batch that is under way. */
  signal?: AbortSignal | undefined;
  progress?: ((stage: Stage, done: number, total: number | undefined) => void) | undefined;
}

export type Stage = 'accounts' | 'keys' | 'usage' | 'channels';

/** What each part of an import works with. */
export interface ImportRun {
  context: Context;
  command: ImportCommand;
  old: OldInstallation;
  /** Undefined in a trial of what was never imported. */
  source: SourceRow | undefined;
  report: ImportReport;
  /** In a trial: the accounts that would be moved, so that their keys would be, too. */
  planned: Set<string>;
  /** Of those; of two accounts with one address, the second is linked to the first. */
  plannedEmails: Set<string>;
  /** Tells how far it has come, behind each batch. */
  advance(stage: Stage, done: number, total: number | undefined): Promise<void>;
  isStopped(): boolean;
  /** A batch: the import that comes second waits for it. */
  inBatch<T>(source: SourceRow, work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/**
 * Imports, or tries to without `applies`. What was moved before is left as it is, or follows what has changed there, so an
 * import that ended half-way is finished by running it again.
 * @throws Refusal `rule_violated` for a name that another kind of installation has; `conflict` while it is imported already.
 */
export async function runImport(
  context: Context,
  old: OldInstallation,
  command: ImportCommand,
): Promise<ImportReport> {
  const known = await findSource(context.database, command.name);
  if (known && known.kind !== old.kind) {
    throw new Refusal(
      'rule_violated',
      `"${command.name}" is the name of an installation of ${known.kind}: choose another --name.`,
    );
  }
  if (!command.applies) return importParts(context, { old, command, source: known });
  const { name, signal } = command;
  // Where it was begun it goes on: only there it is known where the installation is.
  const begun = { kind: 'imports.import', key: name, title: name, signal };
  return runOperation(context, begun, async (operation) => {
    const source = await openSource(context, old, command);
    const report = await importParts(context, { old, command, source, operation });
    await recordImport(context, source, report);
    return report;
  });
}

async function importParts(
  context: Context,
  parts: Pick<ImportRun, 'old' | 'command' | 'source'> & { operation?: RunningOperation },
): Promise<ImportReport> {
  const { old, command, source, operation } = parts;
  const report = newReport(command.name, !command.applies);
  const run: ImportRun = {
    ...{ context, command, old, source, report, planned: new Set(), plannedEmails: new Set() },
    async advance(stage, done, total) {
      command.progress?.(stage, done, total);
      await operation?.advance({ stage, done, total });
    },
    isStopped: () => operation?.isStopping ?? command.signal?.aborted === true,
    inBatch: (locked, work) =>
      inTransaction(context, async (transaction) => {
        await lockSource(transaction, locked.id);
        return work(transaction);
      }),
  };
  for (const part of [moveAccounts, moveOldKeys, moveUsage, moveChannels, comparePrices]) {
    if (!run.isStopped()) await part(run);
  }
  report.isComplete = !run.isStopped();
  return report;
}

async function openSource(
  context: Context,
  old: OldInstallation,
  { name, salt, watchAt }: ImportCommand,
): Promise<SourceRow> {
  const at = context.clocks.wall();
  return inTransaction(context, async (transaction) => {
    const source = await ensureSource(transaction, {
      ...{ id: newId('imp', context.clocks.business()), name, kind: old.kind, at },
    });
    if (salt) {
      await keepKeySalt(context, transaction, {
        ...{ id: source.id, prefix: salt.prefix, salt: salt.text },
      });
    }
    if (watchAt === undefined) return source;
    const sealedLocation = context.sealer.seal(watchAt, locationPurpose(source.id));
    await saveLocation(transaction, { id: source.id, sealedLocation });
    return { ...source, sealedLocation };
  });
}

export const locationPurpose = (sourceId: string) => `imports.location:${sourceId}`;

async function recordImport(
  context: Context,
  { id, name, kind }: SourceRow,
  { accounts, keys, channels, balanceMoved, usageDays, isComplete }: ImportReport,
): Promise<void> {
  await inTransaction(context, (transaction) =>
    recordAudit(context, transaction, {
      organizationId: null,
      action: 'import.run',
      resource: { kind: 'import', id },
      newValues: {
        ...{ name, kind, accounts, keys, channels, usage_days: usageDays, complete: isComplete },
        balance_nanos: balanceMoved.toString(),
      },
    }),
  );
}
