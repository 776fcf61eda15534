/**
 * One picture of the channels for all processes: each writes what it sees every ten seconds, off the path of calls, and
 * whoever asks joins what the others wrote with what it sees itself.
 */
import type { Context, Platform } from '../../platform/context.ts';
import { healthOf } from './channel-state.ts';
import type { Channels } from './channels.ts';
import { type Health, joinHealth } from './core/channel-health.ts';
import { listHealth, saveHealth } from './pool-store.ts';

const writeEveryMs = 10_000;
/** A process that wrote nothing for so long is gone, or has nothing to tell. */
const freshMs = 3 * writeEveryMs;
/** For so long it is told when a channel last succeeded or failed. */
export const rememberedMs = 86_400_000;
/** A channel that was not called for so long has nothing to tell. */
const toldMs = 3_600_000 + writeEveryMs;

/** Writes until it is closed; what could not be written is written the next time. */
export function startHealthBoard(platform: Platform, channels: Channels) {
  let writing: Promise<void> | undefined;
  const write = () => {
    writing ??= writeHealth(platform, channels)
      .catch((error) => platform.log.warn({ err: error }, 'the health of channels was not written'))
      .finally(() => {
        writing = undefined;
      });
    return writing;
  };
  const timer = setInterval(write, writeEveryMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await writing;
      await write();
    },
  };
}

export async function writeHealth(platform: Platform, channels: Channels): Promise<void> {
  const at = platform.clocks.wall();
  const told = [...channels.all()]
    .filter(({ inFlight, lastUsedMs }) => inFlight > 0 || lastUsedMs > at.getTime() - toldMs)
    .map((state) => ({ id: state.id, health: healthOf(state, at.getTime()) }));
  if (told.length === 0) return;
  await saveHealth(platform.database, { processId: channels.processId, at, channels: told });
}

/** How channels are doing, by their ids. */
export async function readHealth(
  context: Context,
  channels: Channels,
  channelIds: readonly string[],
): Promise<(id: string) => Health> {
  const nowMs = context.clocks.wall().getTime();
  const since = new Date(nowMs - rememberedMs);
  const rows = await listHealth(context.database, { channelIds, since });
  const own = new Map([...channels.all()].map((state) => [state.id, healthOf(state, nowMs)]));
  return (id) => {
    const others = rows.filter(
      (row) => row.channel_id === id && row.process_id !== channels.processId,
    );
    const fresh = others.filter((row) => row.seen_at.getTime() > nowMs - freshMs);
    const seen = [own.get(id) ?? [], fresh.map(({ health }) => health)].flat();
    return joinHealth(
      seen.filter(
        ({ last60, inFlight, state }) => last60.calls + inFlight > 0 || state !== 'healthy',
      ),
      others.map(({ health }) => health),
    );
  };
}
