import type { Job } from '../jobs/index.ts';
import { evaluateRules } from './operations/evaluate-rules.ts';
import { sendPost } from './operations/send-post.ts';
import { postJobName } from './operations/tell-operators.ts';
import { watchUsage } from './operations/watch-usage.ts';
import { deleteFinishedPosts, findDuePosts } from './posts-store.ts';

/** Messages sent in one turn; what is left waits for the next minute. */
const batchSize = 100;
const keptMs = 90 * 86_400_000;

export const alertsJobs: readonly Job[] = [
  {
    name: 'alerts.watch_usage',
    cron: '12 * * * *',
    async run(context) {
      await watchUsage(context);
    },
  },
  {
    name: 'alerts.evaluate_rules',
    cron: '* * * * *',
    async run(context) {
      await evaluateRules(context);
    },
  },
  {
    name: postJobName,
    run: (context, payload) => sendPost(context, (payload as { id: string }).id),
  },
  {
    name: 'alerts.post_due',
    cron: '* * * * *',
    afterMove: 'once',
    async run(context) {
      const due = await findDuePosts(context.database, context.clocks.wall(), batchSize);
      for (const id of due) await sendPost(context, id);
      const before = new Date(context.clocks.wall().getTime() - keptMs);
      await deleteFinishedPosts(context.database, before);
    },
  },
];
