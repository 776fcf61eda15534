import type { Platform } from '../../../platform/context.ts';
import { findStart } from '../archive-store.ts';
import { auditMac } from '../audit-mac.ts';
import { checkChain, type Problem } from '../core/verify-chain.ts';
import { findChains, findEntriesAfter, findHead } from '../store.ts';

export interface TailReport {
  chains: number;
  entries: number;
  problems: Problem[];
}

/** Looks at the newest entries of chains only: quick, and no proof of what is before them. */
export async function verifyTail(
  platform: Pick<Platform, 'database' | 'sealer'>,
  { chainsMax, entriesMax }: { chainsMax: number; entriesMax: number },
): Promise<TailReport> {
  const report: TailReport = { chains: 0, entries: 0, problems: [] };
  const deployment = 'deployment';
  const chains = await findChains(platform.database, '', chainsMax);
  for (const chain of new Set([deployment, ...chains])) {
    const seen = await verifyTailOf(platform, chain, entriesMax);
    report.chains += 1;
    report.entries += seen.entries;
    report.problems.push(...seen.problems);
  }
  return report;
}

/** In one snapshot: what is written meanwhile is neither missing nor too much. */
function verifyTailOf(
  platform: Pick<Platform, 'database' | 'sealer'>,
  chain: string,
  entriesMax: number,
): Promise<{ entries: number; problems: Problem[] }> {
  return platform.database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (transaction) => {
      const head = await findHead(transaction, chain);
      if (!head) return { entries: 0, problems: [] };
      const start = await findStart(transaction, chain);
      const position = latest(start?.position ?? 0n, head.entries - BigInt(entriesMax));
      const limit = entriesMax + 1;
      const entries = await findEntriesAfter(transaction, { chain, position, limit });
      const before = position === start?.position ? start.hash : entries[0]?.previousHash;
      const check = checkChain(chain, {
        mac: auditMac(platform),
        ...(before !== undefined && position > 0n && { start: { position, hash: before } }),
      });
      for (const entry of entries) check.see(entry);
      return { entries: entries.length, problems: check.finish(head) };
    });
}

function latest(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
