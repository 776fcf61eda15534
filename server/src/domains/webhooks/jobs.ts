import { type Context, inTransaction } from '../../platform/context.ts';
import type { Job } from '../jobs/index.ts';
import { createNudge } from './nudge.ts';
import { hearJobName } from './operations/hear-soon.ts';
import { sendDue } from './operations/send-due.ts';
import { wakeJobName, wakeSender } from './operations/wake-sender.ts';
import { openSender, type Sender } from './sender.ts';
import { deleteOldDeliveries } from './store/deliveries.ts';

const keptMs = 30 * 86_400_000;
const removedAtOnce = 1000;
const roundsMax = 1000;

/** Jobs that send what is due; in each process one does so at a time, and is told where another was to. */
export function webhooksJobs(): Job[] {
  let sender: Sender | undefined;
  let isSending = false;
  const nudge = createNudge();
  const send = async (context: Context) => {
    if (isSending) return nudge.give();
    isSending = true;
    sender ??= openSender(context);
    try {
      await sendDue(context, sender, nudge);
    } finally {
      isSending = false;
      if (nudge.take()) await inTransaction(context, (transaction) => wakeSender(transaction));
    }
  };
  return [
    {
      name: hearJobName,
      async run(context) {
        await context.events.tellNews(context);
      },
    },
    { name: wakeJobName, run: send },
    { name: 'webhooks.send_due', cron: '* * * * *', afterMove: 'once', run: send },
    {
      name: 'webhooks.remove_old',
      cron: '47 3 * * *',
      afterMove: 'never',
      async run({ database, clocks }) {
        const before = new Date(clocks.wall().getTime() - keptMs);
        for (let round = 0; round < roundsMax; round += 1) {
          const removed = await deleteOldDeliveries(database, { before, limit: removedAtOnce });
          if (removed < removedAtOnce) return;
        }
      },
    },
  ];
}
