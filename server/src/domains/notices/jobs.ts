import type { Context } from '../../platform/context.ts';
import type { Job } from '../jobs/index.ts';
import { deleteLapsed } from './destinations-store.ts';
import { connectChats } from './operations/connect-chats.ts';
import { tellJobName } from './operations/hear-happening.ts';
import { sendJobName, sendTelling } from './operations/send-telling.ts';
import { tellNotice } from './operations/tell-notice.ts';
import { deleteOldNotices, findDueTellings, findUntold, giveUpUnclear } from './store.ts';

/** In one turn; what is left waits for the next minute. */
const batchSize = 500;
const keptMs = 180 * 86_400_000;
const unclear = 'The process that sent it ended before it knew whether it arrived.';

export const noticesJobs: readonly Job[] = [
  { name: tellJobName, run: (context, payload) => tellNotice(context, idOf(payload)) },
  { name: sendJobName, run: (context, payload) => sendTelling(context, idOf(payload)) },
  {
    name: 'notices.send_due',
    cron: '* * * * *',
    afterMove: 'once',
    async run(context) {
      const { database, clocks } = context;
      await eachOf(context, await findUntold(database, batchSize), tellNotice);
      await giveUpUnclear(database, { now: clocks.wall(), detail: unclear });
      await eachOf(context, await findDueTellings(database, clocks.wall(), batchSize), sendTelling);
    },
  },
  { name: 'notices.connect_chats', cron: '* * * * *', afterMove: 'once', run: connectChats },
  {
    name: 'notices.remove_old',
    cron: '29 3 * * *',
    afterMove: 'never',
    async run({ database, clocks }) {
      const now = clocks.wall();
      await deleteLapsed(database, now);
      const before = new Date(now.getTime() - keptMs);
      while ((await deleteOldNotices(database, { before, limit: batchSize })) === batchSize);
    },
  },
];

/** One that fails keeps none of the others waiting. */
async function eachOf(
  context: Context,
  ids: readonly string[],
  handle: (context: Context, id: string) => Promise<void>,
): Promise<void> {
  for (const id of ids) {
    try {
      await handle(context, id);
    } catch (error) {
      context.log.error({ err: error, notice: id }, 'a notice could not be told');
    }
  }
}

function idOf(payload: unknown): string {
  return (payload as { id: string }).id;
}
