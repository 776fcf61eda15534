/** What a scrape learns of the channels, as this process sees them. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { healthOf } from './channel-state.ts';
import type { Channels } from './channels.ts';
import type { ProcessHealth } from './core/channel-health.ts';

/** Channels that are told apart; what exceeds them is told as one. */
const labeledMax = 200;
const states: readonly ProcessHealth['state'][] = ['healthy', 'resting', 'probing', 'refused'];

export function registerChannelMetrics(
  registry: Registry,
  channels: Channels,
  nowMs: () => number,
): void {
  const registers = [registry];
  const labeled = () =>
    [...channels.all()].map((state, index) => ({
      state,
      channel: index < labeledMax ? state.id : 'other',
    }));
  const attempts = new Counter({
    name: 'sluice_channel_attempts_total',
    help: 'Attempts at channels by outcome: answered, or why they failed.',
    labelNames: ['channel', 'outcome'],
    registers,
    collect() {
      attempts.reset();
      for (const { state, channel } of labeled()) {
        for (const [outcome, count] of state.outcomes) attempts.inc({ channel, outcome }, count);
      }
    },
  });
  const standing = new Gauge({
    name: 'sluice_channels',
    help: 'Channels by state, as this process sees them.',
    labelNames: ['state'],
    registers,
    collect() {
      const now = nowMs();
      const seen = labeled().map(({ state }) => healthOf(state, now).state);
      for (const state of states) {
        standing.set({ state }, seen.filter((one) => one === state).length);
      }
    },
  });
  const inFlight = new Gauge({
    name: 'sluice_channel_calls_in_flight',
    help: 'Calls that a channel has in flight.',
    labelNames: ['channel'],
    registers,
    collect() {
      inFlight.reset();
      for (const { state, channel } of labeled()) inFlight.inc({ channel }, state.inFlight);
    },
  });
}
