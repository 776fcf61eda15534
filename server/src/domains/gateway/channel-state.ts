/** A channel as a process holds it: its settings, which are replaced, and what befell it, which stays. */
import type { FailureReason } from '@sluice/contract/gateway';
import type { Platform } from '../../platform/context.ts';
import { type ChannelCost, readCost } from './channel-cost.ts';
import { type Breaker, newBreaker } from './core/breaker.ts';
import type { Candidate } from './core/channel-choice.ts';
import {
  isRefusal,
  type LastFailure,
  type ProcessHealth,
  type RestingPart,
} from './core/channel-health.ts';
import type { Dialect } from './core/dialect.ts';
import { figuresOf, type RecentCalls } from './core/recent-calls.ts';
import type { ChannelRow } from './store.ts';

export interface ChannelSettings {
  readonly id: string;
  readonly name: string;
  readonly dialect: Dialect;
  readonly baseUrl: string;
  /** Through which it is called. */
  readonly proxyUrl: string | undefined;
  /** Every model that may be asked for, aliases included. */
  readonly models: ReadonlySet<string>;
  /** Model asked for → model sent. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly cost: ChannelCost | undefined;
}

/** A key or a model that can be left alone by itself. */
interface Part {
  breaker: Breaker;
  /** Why it was last left alone. */
  reason: FailureReason | undefined;
}

export interface KeyState extends Part {
  readonly id: string;
  readonly apiKey: string;
}

/** Lives as long as the channel is known; what `chooseChannel` decides by. */
export interface ChannelState extends Candidate {
  settings: ChannelSettings;
  keys: readonly KeyState[];
  refusedModels: Map<string, Breaker & { reason?: FailureReason }>;
  /** Calls begun: the keys take turns. */
  turns: number;
  recent: RecentCalls;
  lastUsedMs: number;
  lastSuccessMs: number | null;
  lastFailure: LastFailure | null;
  /** Ends of attempts by outcome, since the process began. */
  outcomes: Map<string, number>;
}

/** What a sealed key is bound to: it opens in no other row. */
export function keyPurpose(channelId: string): string {
  return `gateway_channels ${channelId}`;
}

export function proxyPurpose(channelId: string): string {
  return `gateway_channels ${channelId} proxy`;
}

/** The state of a row; undefined, and logged, where nothing sealed in it can be opened. */
export function openState(
  platform: Platform,
  row: ChannelRow,
  before: ChannelState | undefined,
): ChannelState | undefined {
  try {
    const opened = openKeys(platform, row, before);
    const settings = openSettings(platform, row);
    // Calls in flight hold the state, so it stays the same object for as long as the channel is known.
    const state = before ?? newState(row.id, settings);
    const hadKeys = new Set(before?.keys.map(({ id }) => id));
    const isChanged =
      before?.settings.baseUrl !== settings.baseUrl ||
      before.settings.proxyUrl !== settings.proxyUrl;
    // Somebody has done something about it: what was is forgiven.
    if (isChanged || opened.some(({ id }) => !hadKeys.has(id))) {
      state.breaker = newBreaker();
      state.refusedModels = new Map();
    }
    state.keys = isChanged ? opened.map((key) => ({ ...key, ...newPart() })) : opened;
    const { priority, weight, concurrency } = row;
    return Object.assign(state, { settings, priority, weight, concurrency });
  } catch (error) {
    // One channel sealed under another secret must not take the others down.
    platform.log.error({ err: error, channel: row.id }, 'the key of a channel cannot be opened');
    return undefined;
  }
}

function newState(id: string, settings: ChannelSettings): ChannelState {
  return {
    id,
    settings,
    priority: 0,
    weight: 1,
    concurrency: null,
    inFlight: 0,
    breaker: newBreaker(),
    keys: [],
    refusedModels: new Map(),
    turns: 0,
    recent: [],
    lastUsedMs: 0,
    lastSuccessMs: null,
    lastFailure: null,
    outcomes: new Map(),
  };
}

function newPart(): Part {
  return { breaker: newBreaker(), reason: undefined };
}

function openKeys(
  platform: Platform,
  row: ChannelRow,
  before: ChannelState | undefined,
): KeyState[] {
  const known = new Map(before?.keys.map((key) => [key.id, key]));
  return row.keys.map(
    ({ id, sealed }) =>
      known.get(id) ?? {
        id,
        apiKey: platform.sealer.open(sealed, keyPurpose(row.id)),
        ...newPart(),
      },
  );
}

function openSettings(platform: Platform, row: ChannelRow): ChannelSettings {
  const { sealed_proxy_url: sealedProxy } = row;
  return {
    id: row.id,
    name: row.name,
    dialect: row.dialect,
    baseUrl: row.base_url,
    proxyUrl:
      sealedProxy === null ? undefined : platform.sealer.open(sealedProxy, proxyPurpose(row.id)),
    models: new Set([...row.models, ...Object.keys(row.aliases)]),
    aliases: new Map(Object.entries(row.aliases)),
    cost: row.cost === null ? undefined : readCost(row.cost),
  };
}

/** What this process tells of the channel. */
export function healthOf(state: ChannelState, nowMs: number): ProcessHealth {
  const { breaker, keys, lastSuccessMs, lastFailure, inFlight, recent } = state;
  return {
    ...stateOf(state, nowMs),
    inFlight,
    failures: Math.max(breaker.failures, ...keys.map((key) => key.breaker.failures)),
    lastSuccessMs,
    lastFailure,
    last5: figuresOf(recent, nowMs, 5),
    last60: figuresOf(recent, nowMs, 60),
    models: restingParts(
      [...state.refusedModels].map(([name, refused]) => ({
        name,
        breaker: refused,
        reason: refused.reason,
      })),
    ),
    keys: restingParts(keys.map(({ id, ...key }) => ({ name: id, ...key }))),
  };
}

function stateOf(
  { breaker, keys }: ChannelState,
  nowMs: number,
): Pick<ProcessHealth, 'state' | 'untilMs'> {
  const areKeysOpen = keys.length > 0 && keys.every((key) => key.breaker.isOpen);
  if (areKeysOpen) {
    const untilMs = Math.min(...keys.map((key) => key.breaker.restsUntilMs));
    const isRefused = keys.every(({ reason }) => reason !== undefined && isRefusal(reason));
    if (isRefused) return { state: 'refused', untilMs };
    return { state: untilMs > nowMs ? 'resting' : 'probing', untilMs };
  }
  if (!breaker.isOpen) return { state: 'healthy', untilMs: null };
  const isShut = breaker.restsUntilMs > nowMs;
  return { state: isShut ? 'resting' : 'probing', untilMs: breaker.restsUntilMs };
}

function restingParts(parts: readonly ({ name: string } & Part)[]): RestingPart[] {
  return parts.flatMap(({ name, breaker, reason }) =>
    breaker.isOpen && reason ? [{ name, untilMs: breaker.restsUntilMs, reason }] : [],
  );
}
