/**
 * API keys as the hot path reads them: from memory. What is cached is dropped when a key or its organization changes in
 * any process (`notify`), and all of it when the listening connection was down, for then news may have been missed.
 */
import type { Platform } from '../../platform/context.ts';
import { sha256 } from '../../platform/crypto.ts';
import { secretPrefix } from './core/api-key.ts';
import type { OrganizationStatus } from './core/people.ts';
import { findKeyBySecret, touchKeys } from './store/api-keys.ts';

/** The payload is the id of the key or of the organization that changed. */
export const keyringChannel = 'identity_keyring';

export interface Key {
  apiKeyId: string;
  organizationId: string;
  status: 'active' | 'revoked';
  organizationStatus: OrganizationStatus;
  /** Business time; the caller compares it, for a sandbox moves that clock. */
  expiresAt: Date | null;
  allowedModels: string[] | null;
}

export interface Keyring {
  /** The key with this secret; undefined where there is none. */
  find(secret: string): Promise<Key | undefined>;
  close(): Promise<void>;
}

const keysMax = 20_000;
/** Longer than any secret of ours; nobody makes us hash a megabyte. */
const secretLengthMax = 200;
/** How often uses are written down: one statement for all keys. */
const touchEveryMs = 60_000;
/** What a notification that never came can cost, while the listening connection is down, say. */
const keptMsMax = 15_000;

interface Cached {
  key: Key;
  until: number;
}

/** Opens the keyring; it hears of changes once the platform's notifications have started. */
export function createKeyring(platform: Platform): Keyring {
  const { database, clocks, log, notifications } = platform;
  const cache = new Map<string, Cached>();
  const loading = new Map<string, Promise<Key | undefined>>();
  const uses = new Map<string, Date>();
  // Counts what was dropped: a key that was being read meanwhile may be stale, and is not kept.
  let drops = 0;

  notifications.subscribe(keyringChannel, {
    onNotify(id) {
      drops += 1;
      for (const [hash, { key }] of cache) {
        if (key.apiKeyId === id || key.organizationId === id) cache.delete(hash);
      }
    },
    onGap() {
      drops += 1;
      cache.clear();
    },
  });

  async function load(hash: string): Promise<Key | undefined> {
    const dropsBefore = drops;
    const row = await findKeyBySecret(database, hash);
    if (!row) return undefined;
    const { revokedAt, ...rest } = row;
    const key: Key = { ...rest, status: revokedAt === null ? 'active' : 'revoked' };
    if (drops === dropsBefore) {
      if (cache.size >= keysMax) cache.delete(cache.keys().next().value ?? '');
      cache.set(hash, { key, until: clocks.wall().getTime() + keptMsMax });
    }
    return key;
  }

  async function writeUses(): Promise<void> {
    if (uses.size === 0) return;
    const written = new Map(uses);
    uses.clear();
    await touchKeys(database, written);
  }
  /** Last uses are nice to know: that they could not be written holds nothing up. */
  async function tryWriteUses(): Promise<void> {
    try {
      await writeUses();
    } catch (error) {
      log.error({ err: error }, 'last uses of keys were not written');
    }
  }
  const timer = setInterval(() => void tryWriteUses(), touchEveryMs);
  timer.unref();

  return {
    async find(secret) {
      if (!secret.startsWith(secretPrefix) || secret.length > secretLengthMax) return undefined;
      const hash = sha256(secret);
      const cached = cache.get(hash);
      let key = cached && cached.until > clocks.wall().getTime() ? cached.key : undefined;
      key ??= await once(loading, hash, load);
      if (key?.status === 'active') uses.set(key.apiKeyId, clocks.business());
      return key;
    },
    async close() {
      clearInterval(timer);
      await tryWriteUses();
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
