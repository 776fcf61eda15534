/**
 * What is read by the hash of a secret again and again, kept in memory: dropped when it changes in any process
 * (`notify`), and all of it when the listening connection was down, for then news may have been missed.
 */
import type { Platform } from '../../platform/context.ts';

const entriesMax = 20_000;
/** What a notification that never came can cost, while the listening connection is down, say. */
const keptMsMax = 15_000;

interface SecretCacheOptions<T> {
  channel: string;
  load(name: string): Promise<T | undefined>;
  /** Whether the news about this id concerns the value. */
  concerns(value: T, id: string): boolean;
}

export function createSecretCache<T>(
  { clocks, notifications }: Platform,
  { channel, load, concerns }: SecretCacheOptions<T>,
): { find(name: string): Promise<T | undefined> } {
  const cache = new Map<string, { value: T; until: number }>();
  const loading = new Map<string, Promise<T | undefined>>();
  // Counts what was dropped: a value that was being read meanwhile may be stale, and is not kept.
  let drops = 0;

  notifications.subscribe(channel, {
    onNotify(id) {
      drops += 1;
      for (const [name, { value }] of cache) if (concerns(value, id)) cache.delete(name);
    },
    onGap() {
      drops += 1;
      cache.clear();
    },
  });

  async function loadAndKeep(name: string): Promise<T | undefined> {
    const dropsBefore = drops;
    const value = await load(name);
    if (value !== undefined && drops === dropsBefore) {
      if (cache.size >= entriesMax) cache.delete(cache.keys().next().value ?? '');
      cache.set(name, { value, until: clocks.wall().getTime() + keptMsMax });
    }
    return value;
  }

  return {
    async find(name) {
      const cached = cache.get(name);
      if (cached && cached.until > clocks.wall().getTime()) return cached.value;
      return once(loading, name, loadAndKeep);
    },
  };
}

/** Callers that ask for the same thing at the same time wait for one answer. */
function once<T>(
  running: Map<string, Promise<T>>,
  name: string,
  start: (name: string) => Promise<T>,
): Promise<T> {
  const found = running.get(name);
  if (found) return found;
  const started = start(name).finally(() => running.delete(name));
  running.set(name, started);
  return started;
}
