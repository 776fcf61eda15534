import { type Check, count, type Finding, fail, lasting, ok, warn } from '../../platform/checks.ts';
import type { Context } from '../../platform/context.ts';
import { listProviders } from './operations/read-providers.ts';
import { countWaitingNotifications } from './watch-store.ts';

const waitedMax = 10 * 60_000;

export const paymentsChecks: readonly Check[] = [
  {
    name: 'payment providers',
    async run(context) {
      const enabled = (await listProviders(context)).filter((provider) => provider.enabled);
      if (enabled.length === 0) {
        const advice = 'Set one up in the console under "Payment providers".';
        return context.config.mode === 'live'
          ? [warn('Nobody can pay online: no payment provider is on.', advice)]
          : [ok('No payment provider is on.')];
      }
      return enabled.map(({ name, ready, health }): Finding => {
        if (!ready) {
          return fail(
            `${name} is on, and lacks required settings.`,
            'Fill them in in the console, or switch it off.',
          );
        }
        const { failed_at: failedAt, succeeded_at: succeededAt } = health.calls;
        const isFailing = failedAt !== null && (succeededAt === null || failedAt > succeededAt);
        return isFailing
          ? warn(
              `${name} did not answer our last call (${failedAt}).`,
              'Test it in the console: its settings, its status page, and our way out.',
            )
          : ok(`${name} is set up.`);
      });
    },
  },
  { name: 'payment inbox', run: checkInbox },
];

async function checkInbox({ database, clocks }: Context): Promise<Finding[]> {
  const { dead, oldest } = await countWaitingNotifications(database);
  const findings: Finding[] = [];
  if (dead > 0n) {
    const what = `${count(dead, 'notification')} of providers could not be handled.`;
    findings.push(warn(what, 'Replay them in the console under "Webhook inbox".'));
  }
  const waited = oldest === null ? 0 : clocks.wall().getTime() - oldest.getTime();
  if (waited > waitedMax) {
    const what = `A notification of a provider has waited for ${lasting(waited)}.`;
    findings.push(warn(what, 'See that a server runs, and the webhook inbox for why.'));
  }
  return findings.length === 0 ? [ok('Every notification of a provider was handled.')] : findings;
}
