/**
 * The account pool in a process's memory: the active channels, read whole and reloaded when any process changes one,
 * and what only this process knows of them (calls in flight, rests). Losing it costs a few failed attempts, no money.
 */
import type { Platform } from '../../platform/context.ts';
import { type Candidate, chooseChannel } from './core/channel-choice.ts';
import { type Rest, restMs } from './core/upstream-verdict.ts';
import { type ChannelRow, loadActiveChannels } from './store.ts';

/** On which a change of any channel is made known to every process. */
export const channelsChanged = 'gateway_channels';

/** A channel that calls can be sent through; it is replaced, not changed, when its settings are. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly models: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly state: ChannelState;
}

/** Lives as long as the channel does; what `chooseChannel` decides by. */
type ChannelState = Candidate & { channel: Channel };

export interface Channels {
  /** Reads the channels anew; the process that changed one calls this before it answers. */
  load(): Promise<void>;
  /** Every model that some channel serves. */
  models(): ReadonlySet<string>;
  /** Chooses a channel for the model and takes a slot of it; `release` gives the slot back. */
  take(model: string, tried: ReadonlySet<string>): Channel | undefined;
  release(channel: Channel): void;
  /** An answer came: the failures in a row are over. */
  succeeded(channel: Channel): void;
  failed(channel: Channel, rest: Rest): void;
}

/** What a sealed key is bound to: it opens in no other row. */
export function keyPurpose(channelId: string): string {
  return `gateway_channels ${channelId}`;
}

export async function createChannels(platform: Platform): Promise<Channels> {
  let byModel = new Map<string, ChannelState[]>();
  let states = new Map<string, ChannelState>();
  let loading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const next = new Map<string, ChannelState>();
    for (const row of await loadActiveChannels(platform.database)) {
      if (row.dialect !== 'openai') continue;
      const state = openChannel(platform, row, states.get(row.id));
      if (state) next.set(row.id, state);
    }
    states = next;
    byModel = groupByModel([...next.values()]);
  }
  // One after the other, so that an older reading never replaces a newer one.
  const load = () => {
    loading = loading.catch(() => undefined).then(read);
    return loading;
  };
  const reload = () => {
    load().catch((error) => platform.log.error({ err: error }, 'the channels could not be read'));
  };
  platform.notifications.subscribe(channelsChanged, { onNotify: reload, onGap: reload });
  await load();

  return {
    load,
    models: () => new Set(byModel.keys()),
    take(model, tried) {
      const serving = byModel.get(model) ?? [];
      const untried = tried.size === 0 ? serving : serving.filter(({ id }) => !tried.has(id));
      const chosen = chooseChannel(untried, platform.clocks.wall().getTime(), Math.random());
      if (chosen === undefined) return undefined;
      chosen.inFlight += 1;
      return chosen.channel;
    },
    release({ state }) {
      state.inFlight -= 1;
    },
    succeeded({ state }) {
      state.failures = 0;
      state.restsUntilMs = 0;
      state.isRateLimited = false;
    },
    failed({ state }, rest) {
      if (rest.kind === 'none') return;
      state.failures += 1;
      const until = platform.clocks.wall().getTime() + restMs(rest, state.failures);
      state.restsUntilMs = Math.max(state.restsUntilMs, until);
      state.isRateLimited = rest.kind === 'asked';
    },
  };
}

function openChannel(
  platform: Platform,
  row: ChannelRow,
  before: ChannelState | undefined,
): ChannelState | undefined {
  let apiKey: string;
  try {
    apiKey = platform.sealer.open(row.sealed_api_key, keyPurpose(row.id));
  } catch (error) {
    // One channel sealed under another secret must not take the others down.
    platform.log.error({ err: error, channel: row.id }, 'the key of a channel cannot be opened');
    return undefined;
  }
  // Calls in flight hold the state, so it stays the same object for as long as the channel is known.
  const state = before ?? ({ id: row.id, inFlight: 0 } as ChannelState);
  const isSameUpstream =
    before?.channel.baseUrl === row.base_url && before.channel.apiKey === apiKey;
  if (!isSameUpstream) Object.assign(state, { restsUntilMs: 0, failures: 0, isRateLimited: false });
  const { priority, weight, concurrency } = row;
  Object.assign(state, { priority, weight, concurrency });
  state.channel = {
    id: row.id,
    name: row.name,
    baseUrl: row.base_url,
    apiKey,
    models: new Set([...row.models, ...Object.keys(row.aliases)]),
    aliases: new Map(Object.entries(row.aliases)),
    state,
  };
  return state;
}

function groupByModel(states: readonly ChannelState[]): Map<string, ChannelState[]> {
  const groups = new Map<string, ChannelState[]>();
  for (const state of states) {
    for (const model of state.channel.models) {
      const group = groups.get(model);
      if (group) group.push(state);
      else groups.set(model, [state]);
    }
  }
  return groups;
}
