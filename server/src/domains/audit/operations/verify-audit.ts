/**
 * Walks every chain from its first entry, through the files of archived months and on in the database, and says what was
 * edited, removed, reordered, cut off or added; and what the anchors know that is there no more.
 */
import type { Platform } from '../../../platform/context.ts';
import { findStart } from '../archive-store.ts';
import { auditMac } from '../audit-mac.ts';
import { startText } from '../core/archive.ts';
import { type ChainCheck, checkChain, type Place, type Problem } from '../core/verify-chain.ts';
import { findChains, findEntriesAfter, findHead } from '../store.ts';
import { verifyAnchors } from './verify-anchors.ts';
import { type ArchivesChecked, verifyArchives } from './verify-archives.ts';

export interface AuditReport {
  chains: number;
  /** Archived ones included, where the files were read. */
  entries: number;
  /** Archived months whose files were read. */
  months: number;
  anchors: number;
  problems: Problem[];
}

type Verifying = Pick<Platform, 'database' | 'sealer'>;

const batchSize = 1000;
const chainsBatchMax = 1000;
/** A log that was rewritten throughout needs no longer list. */
const problemsMax = 1000;

/** `outside` is the folder of archives and anchors; left out, only the database is looked at. */
export async function verifyAudit(
  platform: Verifying,
  { outside }: { outside?: string | undefined } = {},
): Promise<AuditReport> {
  const { anchors, noted, problems } = await verifyAnchors(platform, outside);
  const archives =
    outside === undefined ? undefined : await verifyArchives(platform, outside, noted);
  const report: AuditReport = {
    chains: 0,
    entries: archives?.entries ?? 0,
    months: archives?.months ?? 0,
    anchors,
    problems: [...problems, ...(archives?.problems ?? [])],
  };
  for await (const chain of allChains(platform)) {
    const walked = await verifyChain(platform, chain, { archives, noted: noted.get(chain) });
    noted.delete(chain);
    report.chains += 1;
    report.entries += walked.entries;
    report.problems.push(...walked.problems.slice(0, problemsMax - report.problems.length));
  }
  for (const chain of noted.keys()) {
    report.problems.push({ chain, kind: 'chain_removed', id: null, position: null });
  }
  return report;
}

async function* allChains({ database }: Verifying): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const batch = await findChains(database, after, chainsBatchMax);
    yield* batch;
    after = batch.at(-1) ?? after;
    if (batch.length < chainsBatchMax) return;
  }
}

interface Known {
  archives: ArchivesChecked | undefined;
  noted: { entries: bigint; hash: string } | undefined;
}

/** One snapshot per chain: what is written meanwhile is neither missing nor too much. */
async function verifyChain(
  platform: Verifying,
  chain: string,
  known: Known,
): Promise<{ entries: number; problems: Problem[] }> {
  return platform.database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (transaction) => {
      const start = await findStart(transaction, chain);
      const isStartRight =
        start === undefined || auditMac(platform)(startText(start)) === start.seal;
      const check = beginCheck(platform, { chain, start, ...known });
      const begun = check.place();
      let entries = 0;
      let { position } = begun;
      for (;;) {
        const batch = await findEntriesAfter(transaction, { chain, position, limit: batchSize });
        for (const entry of batch) check.see(entry);
        entries += batch.length;
        position = batch.at(-1)?.position ?? position;
        if (batch.length < batchSize) break;
      }
      const problems = check.finish(await findHead(transaction, chain));
      if (!isStartRight || !isSamePlace(start, begun)) {
        problems.push({ chain, kind: 'start_edited', id: null, position: begun.position });
      }
      return { entries, problems };
    });
}

/** Behind the archived entries, if they were read; else where the database says that it goes on. */
function beginCheck(
  platform: Verifying,
  { chain, start, archives, noted }: Known & { chain: string; start: Place | undefined },
): ChainCheck {
  const read = archives?.checks.get(chain);
  return read ?? checkChain(chain, { mac: auditMac(platform), start, noted });
}

function isSamePlace(start: Place | undefined, begun: Place): boolean {
  return (start?.position ?? 0n) === begun.position && (start?.hash ?? '') === begun.hash;
}
