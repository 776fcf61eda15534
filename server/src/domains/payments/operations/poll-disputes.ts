import type { Context } from '../../../platform/context.ts';
import type { Dispute } from '../core/dispute.ts';
import { claimDueDisputes } from '../disputes-store.ts';
import { loadProvider } from './load-provider.ts';
import { keepDispute } from './take-dispute-news.ts';

const disputesPerPollMax = 100;
const hourMs = 3_600_000;

/** Asks how disputes stand that are not over; answers how many. One that fails keeps none of the others waiting. */
export async function pollDisputes(context: Context): Promise<number> {
  const wall = context.clocks.wall();
  const againAt = new Date(wall.getTime() + hourMs);
  const due = await claimDueDisputes(context.database, wall, {
    limit: disputesPerPollMax,
    againAt,
  });
  for (const dispute of due) {
    try {
      await queryDispute(context, dispute);
    } catch (error) {
      const { id } = dispute;
      context.log.error({ err: error, dispute: id }, 'a dispute could not be followed up');
    }
  }
  return due.length;
}

/** Asks its provider how a dispute stands, and keeps the answer; nothing where there is none. */
export async function queryDispute(asker: Context, dispute: Dispute): Promise<void> {
  const { provider, merchant, reference } = dispute;
  const actor = { ...asker.actor, kind: 'provider' as const, id: provider };
  const context: Context = { ...asker, actor };
  const loaded = await loadProvider(context, context.database, provider);
  const connection = loaded?.connection;
  if (!connection?.findDispute || connection.merchant !== merchant) return;
  const found = await connection.findDispute(reference);
  if (found.status !== 'found') return;
  await keepDispute(context, { provider, merchant, news: found.dispute, isAnswer: true });
}
