/**
 * API keys as the hot path reads them: from memory. What is cached is dropped when a key or its organization changes in
 * any process (`notify`), and all of it when the listening connection was down, for then news may have been missed.
 */
import type { Platform } from '../../platform/context.ts';
import { sha256 } from '../../platform/crypto.ts';
import { secretPrefix } from './core/api-key.ts';
import type { OrganizationStatus } from './core/people.ts';
import { findKeyById, findKeyBySecret, type KeyRow, touchKeys } from './store/api-keys.ts';

/** The payload is the id of the key or of the organization that changed. */
export const keyringChannel = 'identity_keyring';

export interface Key {
  apiKeyId: string;
  organizationId: string;
  /** Who made it: the member whose use it is. */
  userId: string;
  /** The only application that it may be used with; null: any. */
  applicationId: string | null;
  status: 'active' | 'revoked';
  organizationStatus: OrganizationStatus;
  /** Business time; the caller compares it, for a sandbox moves that clock. */
  expiresAt: Date | null;
  allowedModels: string[] | null;
  ipAllowlist: string[] | null;
  rates: {
    requestsPerMinute: number | null;
    tokensPerMinute: number | null;
    concurrency: number | null;
  };
  tags: string[];
}

export interface Keyring {
  /** The key with this secret; undefined where there is none. */
  find(secret: string): Promise<Key | undefined>;
  /** The key with this id; undefined where there is none. */
  findById(id: string): Promise<Key | undefined>;
  close(): Promise<void>;
}

const idPrefix = 'key_';
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

  /** By the hash of its secret, or by its id: the two never look alike. */
  async function load(name: string): Promise<Key | undefined> {
    const dropsBefore = drops;
    const isId = name.startsWith(idPrefix);
    const row = await (isId ? findKeyById(database, name) : findKeyBySecret(database, name));
    if (!row) return undefined;
    const key = toKey(row);
    if (drops === dropsBefore) {
      if (cache.size >= keysMax) cache.delete(cache.keys().next().value ?? '');
      cache.set(name, { key, until: clocks.wall().getTime() + keptMsMax });
    }
    return key;
  }
  async function read(name: string): Promise<Key | undefined> {
    const cached = cache.get(name);
    const isFresh = cached !== undefined && cached.until > clocks.wall().getTime();
    const key = isFresh ? cached.key : await once(loading, name, load);
    if (key?.status === 'active') uses.set(key.apiKeyId, clocks.business());
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
      return read(sha256(secret));
    },
    async findById(id) {
      return id.startsWith(idPrefix) && id.length <= secretLengthMax ? read(id) : undefined;
    },
    async close() {
      clearInterval(timer);
      await tryWriteUses();
    },
  };
}

function toKey({
  revokedAt,
  requestsPerMinute,
  tokensPerMinute,
  concurrency,
  ...row
}: KeyRow): Key {
  return {
    ...row,
    status: revokedAt === null ? 'active' : 'revoked',
    rates: {
      requestsPerMinute,
      tokensPerMinute: tokensPerMinute === null ? null : Number(tokensPerMinute),
      concurrency,
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
