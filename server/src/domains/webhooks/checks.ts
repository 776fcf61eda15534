import { type Check, count, lasting, ok, warn } from '../../platform/checks.ts';
import { countEndpoints, readWebhookBacklog } from './watch-store.ts';

const lateMs = 15 * 60_000;
/** Fewer say nothing of our own network. */
const endpointsMin = 3;

export const webhooksChecks: readonly Check[] = [
  {
    name: 'webhooks',
    async run({ database, clocks }) {
      const now = clocks.wall();
      const { oldestDue } = await readWebhookBacklog(database, now);
      const waitedMs = oldestDue === null ? 0 : now.getTime() - oldestDue.getTime();
      if (waitedMs > lateMs) {
        return [
          warn(
            `A webhook has been due for ${lasting(waitedMs)}.`,
            'See that a server runs and works on jobs.',
          ),
        ];
      }
      const counts = await countEndpoints(database);
      const of = (standing: string) => counts.find((one) => one.standing === standing)?.count ?? 0n;
      const [taking, failing] = [of('taking'), of('failing')];
      if (failing >= endpointsMin && failing > taking) {
        return [
          warn(
            `${count(failing, 'webhook endpoint')} of ${failing + taking} take nothing.`,
            'See that this machine reaches the internet, and resolves names.',
          ),
        ];
      }
      return [ok('Webhooks are sent.')];
    },
  },
];
