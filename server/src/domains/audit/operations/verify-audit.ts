/** Walks every chain and says which entries were edited, removed, reordered, cut off or added. */
import type { Platform } from '../../../platform/context.ts';
import { checkChain, type Problem } from '../core/verify-chain.ts';
import { findChains, findEntriesAfter, findHead } from '../store.ts';
import { auditMac } from './record-audit.ts';

export interface AuditReport {
  chains: number;
  entries: number;
  problems: Problem[];
}

const batchSize = 1000;
/** A log that was rewritten throughout needs no longer list. */
const problemsMax = 1000;

export async function verifyAudit(
  platform: Pick<Platform, 'database' | 'sealer'>,
): Promise<AuditReport> {
  const report: AuditReport = { chains: 0, entries: 0, problems: [] };
  for (const chain of await findChains(platform.database)) {
    const { entries, problems } = await verifyChain(platform, chain);
    report.chains += 1;
    report.entries += entries;
    report.problems.push(...problems.slice(0, problemsMax - report.problems.length));
  }
  return report;
}

/** One snapshot per chain: what is written meanwhile is neither missing nor too much. */
async function verifyChain(
  platform: Pick<Platform, 'database' | 'sealer'>,
  chain: string,
): Promise<{ entries: number; problems: Problem[] }> {
  return platform.database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (transaction) => {
      const check = checkChain(chain, await findHead(transaction, chain), auditMac(platform));
      let entries = 0;
      let position = 0n;
      for (;;) {
        const batch = await findEntriesAfter(transaction, { chain, position, limit: batchSize });
        for (const entry of batch) check.see(entry);
        entries += batch.length;
        position = batch.at(-1)?.position ?? position;
        if (batch.length < batchSize) return { entries, problems: check.finish() };
      }
    });
}
