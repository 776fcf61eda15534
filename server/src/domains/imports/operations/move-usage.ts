import type { Transaction } from '../../../platform/database/pool.ts';
import { cleanText } from '../core/clean-text.ts';
import type { OldUsage } from '../core/old-installation.ts';
import { findMappings, type SourceRow } from '../store.ts';
import { findLastDay, saveUsage, type UsageOfDay } from '../usage-store.ts';
import type { ImportRun } from './run-import.ts';

const modelMax = 200;

/**
 * Moves sums of calls, day by day, from the last one that was moved on: that day may have gone on since. They are history
 * to look at: no receipts, which nobody could prove, and never billed.
 */
export async function moveUsage(run: ImportRun): Promise<void> {
  const { context, source, report, command } = run;
  const since = source && (await findLastDay(context.database, source.id));
  for await (const { day, usage } of run.old.usage(since)) {
    if (run.isStopped()) return;
    const sums = command.applies && source ? await moveDay(run, source, { day, usage }) : usage;
    report.usageDays += 1;
    for (const { calls, amount } of sums) {
      report.usageCalls += calls;
      report.usageAmount += amount;
    }
    await run.advance('usage', report.usageDays, undefined);
  }
}

/** Answers what was written: calls of accounts that were not moved stay behind. */
async function moveDay(
  run: ImportRun,
  source: SourceRow,
  { day, usage }: { day: Date; usage: readonly OldUsage[] },
): Promise<UsageOfDay[]> {
  return run.inBatch(source, async (transaction) => {
    const places = await findPlaces(transaction, source.id, usage);
    const sums = new Map<string, UsageOfDay>();
    for (const row of usage) {
      const place = places(row);
      if (place) add(sums, { ...place, model: cleanText(row.model, modelMax) ?? '' }, row);
    }
    const rows = [...sums.values()];
    await saveUsage(transaction, { sourceId: source.id, day, usage: rows });
    return rows;
  });
}

type Place = Pick<UsageOfDay, 'organizationId' | 'apiKeyId'>;

async function findPlaces(
  transaction: Transaction,
  sourceId: string,
  usage: readonly OldUsage[],
): Promise<(row: OldUsage) => Place | undefined> {
  const idsOf = (read: (row: OldUsage) => string | null) => [
    ...new Set(usage.flatMap((row) => read(row) ?? [])),
  ];
  const keys = await findMappings(transaction, {
    ...{ sourceId, kind: 'key', theirIds: idsOf(({ keyId }) => keyId) },
  });
  const accounts = await findMappings(transaction, {
    ...{ sourceId, kind: 'account', theirIds: idsOf(({ accountId }) => accountId) },
  });
  return ({ keyId, accountId }) => {
    const key = keyId === null ? undefined : keys.get(keyId);
    const account = accountId === null ? undefined : accounts.get(accountId);
    const organizationId = account?.organizationId ?? key?.organizationId;
    if (!organizationId) return undefined;
    // A key that was renamed to another's name must not carry one customer's calls to another.
    const isOwn = key?.organizationId === organizationId;
    return { organizationId, apiKeyId: isOwn ? key.ourId : '' };
  };
}

function add(sums: Map<string, UsageOfDay>, at: Place & { model: string }, row: OldUsage): void {
  const name = `${at.organizationId} ${at.apiKeyId} ${at.model}`;
  const sum = sums.get(name) ?? { ...at, calls: 0n, inputTokens: 0n, outputTokens: 0n, amount: 0n };
  sums.set(name, {
    ...at,
    calls: sum.calls + row.calls,
    inputTokens: sum.inputTokens + row.inputTokens,
    outputTokens: sum.outputTokens + row.outputTokens,
    amount: sum.amount + row.amount,
  });
}
