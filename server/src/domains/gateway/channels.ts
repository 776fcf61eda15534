/**
 * The account pool in a process's memory: the active channels, read whole and reloaded when any process changes one,
 * and what this process knows of them (calls in flight, rests). Losing it costs a few failed attempts, no money.
 */
import type { Platform } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import {
  type ChannelSettings,
  type ChannelState,
  type KeyState,
  openState,
} from './channel-state.ts';
import {
  type Breaker,
  beginAttempt,
  endAttempt,
  newBreaker,
  noteFailure,
  noteSuccess,
  standingOf,
} from './core/breaker.ts';
import { chooseChannel, standingFor } from './core/channel-choice.ts';
import type { Dialect } from './core/dialect.ts';
import { failureReason, isOfConnection } from './core/failure-reason.ts';
import { noteCall } from './core/recent-calls.ts';
import type { Rest } from './core/upstream-verdict.ts';
import { type ChannelRow, loadActiveChannels } from './store.ts';

/** On which a change of any channel is made known to every process. */
export const channelsChanged = 'gateway_channels';

/** A channel as one attempt has it: with a slot of it, and the key that the attempt uses to its end. */
export interface Channel extends ChannelSettings {
  readonly keyId: string;
  readonly apiKey: string;
  /** What only the pool looks at. */
  readonly attempt: Attempt;
}

interface Attempt {
  readonly state: ChannelState;
  readonly key: KeyState;
  /** As it was asked for. */
  readonly model: string;
  /** Breakers that this attempt finds out about, until it has. */
  probes: readonly Breaker[];
  hasAnswered: boolean;
}

export interface TakeOptions {
  model: string;
  /** Ids of channels that this call has tried. */
  tried: ReadonlySet<string>;
  /** In the order of preference: the next only where none of one can take the call. */
  dialects: readonly Dialect[];
  /** Calls with the same one go to the same channel while it can take them. */
  affinity?: string | undefined;
}

export interface Failed {
  status?: number | undefined;
  error?: Error | undefined;
  /** The organization whose call it was: its calls alone do not shut a channel. */
  voice?: string | undefined;
}

export interface Channels {
  /** Of this process, among those that share the database. */
  readonly processId: string;
  /** Reads the channels anew; the process that changed one calls this before it answers. */
  load(): Promise<void>;
  /** Every model that some channel serves. */
  models(): ReadonlySet<string>;
  /** Chooses a channel for the model and takes a slot of it; `release` gives the slot back. */
  take(options: TakeOptions): Channel | undefined;
  /** Whether some channel of the dialect serves the model, whether it can take a call now or not. */
  serves(model: string, dialect: Dialect): boolean;
  /** How long until some channel may take a call for the model; undefined where none would. */
  waitMs(model: string): number | undefined;
  /** Takes a channel however it is doing, for a test: active or not, by one of its keys. */
  lend(
    row: ChannelRow,
    options: { model: string; keyId?: string | undefined },
  ): Channel | undefined;
  release(channel: Channel): void;
  /** The first output came: whatever follows, the channel serves again. */
  answered(channel: Channel, latencyMs: number): void;
  /** An answer came: the failures in a row are over. */
  succeeded(channel: Channel, latencyMs?: number): void;
  failed(channel: Channel, rest: Rest, failed?: Failed): void;
  /** Whether the channel may be tried again at once: its key was refused, and it has another. */
  hasOtherKey(channel: Channel, rest: Rest): boolean;
  /** Every channel that calls can be sent through. */
  all(): Iterable<ChannelState>;
}

export async function createChannels(platform: Platform): Promise<Channels> {
  let byModel = new Map<string, ChannelState[]>();
  let states = new Map<string, ChannelState>();
  let loading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const next = new Map<string, ChannelState>();
    for (const row of await loadActiveChannels(platform.database)) {
      const state = openState(platform, row, states.get(row.id));
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

  const nowMs = () => platform.clocks.wall().getTime();
  return {
    processId: newId('prc', platform.clocks.wall()),
    load,
    models: () => new Set(byModel.keys()),
    take(options) {
      const state = choose(byModel.get(options.model) ?? [], options, nowMs());
      return state && begin(state, options.model, nowMs());
    },
    serves: (model, dialect) =>
      (byModel.get(model) ?? []).some(({ settings }) => settings.dialect === dialect),
    waitMs(model) {
      const waits = (byModel.get(model) ?? []).map((state) => restOfPool(state, model) - nowMs());
      return waits.length === 0 ? undefined : Math.max(0, Math.min(...waits));
    },
    lend(row, { model, keyId }) {
      const state = states.get(row.id) ?? openState(platform, row, undefined);
      const key = state?.keys.find(({ id }) => keyId === undefined || id === keyId);
      return state && key && enter(state, { key, model, nowMs: nowMs() });
    },
    release: ({ attempt: { state, probes } }) => {
      state.inFlight -= 1;
      for (const breaker of probes) endAttempt(breaker, true);
    },
    answered: ({ attempt }, latencyMs) => noteAnswer(attempt, nowMs(), latencyMs),
    succeeded: ({ attempt }, latencyMs) => noteAnswer(attempt, nowMs(), latencyMs),
    hasOtherKey: ({ attempt: { state, model } }, rest) =>
      rest.kind === 'rest' &&
      rest.of === 'key' &&
      standingFor(state, { model, nowMs: nowMs() }) !== 'shut',
    failed: (channel, rest, failed) => noteFailed(channel, { rest, nowMs: nowMs(), ...failed }),
    all: () => states.values(),
  };
}

function choose(
  serving: readonly ChannelState[],
  { model, tried, dialects, affinity }: TakeOptions,
  nowMs: number,
): ChannelState | undefined {
  const untried = tried.size === 0 ? serving : serving.filter(({ id }) => !tried.has(id));
  const choice = { model, nowMs, chance: Math.random(), affinity };
  for (const dialect of dialects) {
    const speaking = untried.filter(({ settings }) => settings.dialect === dialect);
    const chosen = chooseChannel(speaking, choice);
    if (chosen) return chosen;
  }
  return undefined;
}

/** When the channel is no longer left alone for the model, in ms of wall time. */
function restOfPool({ breaker, keys, refusedModels }: ChannelState, model: string): number {
  const parts = [breaker, refusedModels.get(model)].map((part) =>
    part?.isOpen ? part.restsUntilMs : 0,
  );
  const ofKeys = keys.map((key) => (key.breaker.isOpen ? key.breaker.restsUntilMs : 0));
  return Math.max(...parts, Math.min(...ofKeys));
}

function begin(state: ChannelState, model: string, nowMs: number): Channel | undefined {
  const ready = state.keys.filter(({ breaker }) => standingOf(breaker, nowMs) !== 'shut');
  const key = ready[state.turns % Math.max(ready.length, 1)];
  return key && enter(state, { key, model, nowMs });
}

function enter(
  state: ChannelState,
  { key, model, nowMs }: { key: KeyState; model: string; nowMs: number },
): Channel {
  const refused = state.refusedModels.get(model);
  const parts = refused ? [state.breaker, key.breaker, refused] : [state.breaker, key.breaker];
  const probes = parts.filter((breaker) => beginAttempt(breaker, nowMs));
  state.inFlight += 1;
  state.turns += 1;
  state.lastUsedMs = nowMs;
  const attempt = { state, key, model, probes, hasAnswered: false };
  return { ...state.settings, keyId: key.id, apiKey: key.apiKey, attempt };
}

function noteAnswer(attempt: Attempt, nowMs: number, latencyMs: number | undefined): void {
  if (attempt.hasAnswered) return;
  attempt.hasAnswered = true;
  const { state, key, model, probes } = attempt;
  const refused = state.refusedModels.get(model);
  const isProbe = (breaker: Breaker) => probes.includes(breaker);
  noteSuccess(state.breaker, isProbe(state.breaker));
  noteSuccess(key.breaker, isProbe(key.breaker));
  if (refused && isProbe(refused)) state.refusedModels.delete(model);
  attempt.probes = [];
  state.lastSuccessMs = nowMs;
  noteCall(state.recent, nowMs, { isFailure: false, latencyMs });
  count(state, 'answered');
}

function noteFailed(
  { attempt, proxyUrl }: Channel,
  failed: Failed & { rest: Rest; nowMs: number },
): void {
  const { state, key, model, probes } = attempt;
  const { rest, nowMs, status } = failed;
  attempt.probes = [];
  for (const breaker of probes) endAttempt(breaker, true);
  const reason = failureReason({ ...failed, status }, proxyUrl !== undefined);
  if (rest.kind !== 'none') {
    const length = rest.kind === 'rest' ? rest.length : rest;
    const of = rest.kind === 'rest' ? rest.of : 'channel';
    const breaker = breakerOf(attempt, of);
    const isProbe = probes.includes(breaker);
    // What keeps us from connecting is nobody's doing.
    const voice = isOfConnection(reason) ? undefined : failed.voice;
    noteFailure(breaker, length, { nowMs, isProbe, voice });
    if (of === 'key') key.reason = reason;
    if (of === 'model') state.refusedModels.set(model, Object.assign(breaker, { reason }));
  }
  state.lastFailure = { atMs: nowMs, reason, status: status ?? null, model };
  noteCall(state.recent, nowMs, { isFailure: true, isKnown: attempt.hasAnswered });
  count(state, reason);
}

function breakerOf({ state, key, model }: Attempt, of: 'channel' | 'key' | 'model'): Breaker {
  if (of === 'channel') return state.breaker;
  return of === 'key' ? key.breaker : (state.refusedModels.get(model) ?? newBreaker());
}

function count({ outcomes }: ChannelState, outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function groupByModel(states: readonly ChannelState[]): Map<string, ChannelState[]> {
  const groups = new Map<string, ChannelState[]>();
  for (const state of states) {
    for (const model of state.settings.models) {
      const group = groups.get(model);
      if (group) group.push(state);
      else groups.set(model, [state]);
    }
  }
  return groups;
}
