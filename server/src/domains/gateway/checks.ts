import { type Check, count, type Finding, fail, ok, warn } from '../../platform/checks.ts';
import type { Context } from '../../platform/context.ts';
import { keyPurpose } from './channel-state.ts';
import { loadActiveChannels } from './store.ts';
import { listChannelStandings } from './watch-store.ts';

/** Processes write every ten seconds how channels are doing. */
const freshMs = 60_000;

const unwell: Record<string, string> = {
  refused: 'its upstream refuses our key, our credit or our account',
  resting: 'it failed, and rests',
  probing: 'it failed, and is being tried again',
};

export const gatewayChecks: readonly Check[] = [
  {
    name: 'channels',
    async run(context) {
      const channels = await loadActiveChannels(context.database);
      if (channels.length === 0) {
        const advice = 'Add one in the console under "Channels".';
        return [warn('No call can be served: no channel is on.', advice)];
      }
      const findings = [...findLocked(context, channels), ...(await findUnwell(context))];
      return findings.length === 0
        ? [ok(`${count(channels.length, 'channel')} can be called.`)]
        : findings;
    },
  },
];

/** Those whose keys cannot be used. */
function findLocked(
  { sealer }: Context,
  channels: Awaited<ReturnType<typeof loadActiveChannels>>,
): Finding[] {
  return channels.flatMap(({ id, name, keys }) => {
    const opened = keys.filter(({ sealed }) => isOpened(() => sealer.open(sealed, keyPurpose(id))));
    if (opened.length === keys.length && keys.length > 0) return [];
    const what =
      keys.length === 0
        ? `The channel "${name}" has no key.`
        : `A key of the channel "${name}" cannot be opened.`;
    return [fail(what, 'Give it its key again in the console, or the right SLUICE_SECRET_KEY.')];
  });
}

async function findUnwell({ database, clocks }: Context): Promise<Finding[]> {
  const since = new Date(clocks.wall().getTime() - freshMs);
  const standings = await listChannelStandings(database, since);
  return standings.flatMap(({ name, state }) => {
    const why = state === null ? undefined : unwell[state];
    if (why === undefined) return [];
    return [warn(`The channel "${name}" is left alone: ${why}.`, 'Test it in the console.')];
  });
}

function isOpened(open: () => unknown): boolean {
  try {
    open();
    return true;
  } catch {
    return false;
  }
}
