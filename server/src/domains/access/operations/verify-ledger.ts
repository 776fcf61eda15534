import type { Platform } from '../../../platform/context.ts';
import type { Check } from '../verify-check-store.ts';
import { atOneMoment, checks, countLedger, type Extent } from '../verify-store.ts';

/** What was compared, and a sentence for everything that disagrees. */
export interface LedgerReport extends Extent {
  problems: string[];
}

/** Of each kind of problem, so that a broken ledger fits on a screen. */
const problemsMax = 50;

/**
 * Replays the ledger and compares it with every balance, hold, receipt and shortfall, and the counters of quotas and the
 * sums by hour and day with receipts and events, as of one moment. That all
 * accounts sum to zero needs no look: a transfer is one amount between two accounts.
 */
export async function verifyLedger(platform: Pick<Platform, 'database'>): Promise<LedgerReport> {
  return atOneMoment(platform.database, async (transaction) => {
    const problems: string[] = [];
    for (const check of checks) {
      problems.push(...(await sentencesOf(check, transaction)));
    }
    return { problems, ...(await countLedger(transaction)) };
  });
}

async function sentencesOf(
  check: Check,
  executor: Parameters<Check['find']>[0],
): Promise<string[]> {
  const findings = await check.find(executor, problemsMax);
  return findings.map(
    ({ organization_id, subject, recorded, replayed }) =>
      `${check.name}: ${subject} of ${organization_id} has ${recorded}, replayed ${replayed}.`,
  );
}
