import type { Context } from '../../../platform/context.ts';
import { listWaiting } from '../signals-store.ts';
import { judgeReferral } from './judge-referral.ts';

/** So many in one run: the next one goes on. */
const judgedMax = 1000;

/** Judges every referral of which something changed or whose time has come; answers how many. */
export async function judgeReferrals(context: Context): Promise<number> {
  const seen = new Set<string>();
  while (seen.size < judgedMax) {
    const waiting = await listWaiting(context.database, context.clocks.business(), 50 + seen.size);
    const fresh = waiting.filter((id) => !seen.has(id));
    if (fresh.length === 0) return seen.size;
    for (const id of fresh) {
      seen.add(id);
      try {
        await judgeReferral(context, id);
      } catch (error) {
        // The credit of others shall not wait for it.
        context.log.error({ err: error, referral: id }, 'a referral was not judged');
      }
    }
  }
  return seen.size;
}
