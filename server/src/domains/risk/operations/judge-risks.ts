import type { Context } from '../../../platform/context.ts';
import { listPending } from '../signals-store.ts';
import { judgeRisk } from './judge-risk.ts';

/** So many in one run: the next one goes on. */
const judgedMax = 500;

/** Judges every organization of which something new is known; answers how many. */
export async function judgeRisks(context: Context): Promise<number> {
  let judged = 0;
  const failed = new Set<string>();
  while (judged < judgedMax) {
    const waiting = await listPending(context.database, 50 + failed.size);
    const fresh = waiting.filter((id) => !failed.has(id));
    if (fresh.length === 0) return judged;
    for (const organizationId of fresh) {
      try {
        await judgeRisk(context, organizationId);
        judged += 1;
      } catch (error) {
        // Others are judged all the same, and it waits for the next run.
        failed.add(organizationId);
        context.log.error({ err: error, organization: organizationId }, 'a risk was not judged');
      }
    }
  }
  return judged;
}
