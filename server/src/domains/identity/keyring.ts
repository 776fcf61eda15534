/**
 * API keys as the hot path reads them: from memory. What is cached is dropped when a key or its organization changes in
 * any process (`notify`), and all of it when the listening connection was down, for then news may have been missed.
 */
import type { Platform } from '../../platform/context.ts';
import { sha256 } from '../../platform/crypto.ts';
import { secretPrefix } from './core/api-key.ts';
import { applicationSecretPrefix } from './core/application-key.ts';
import { keyringChannel } from './core/keyring-news.ts';
import type { OrganizationStatus } from './core/people.ts';
import { createForeignSalts } from './foreign-salts.ts';
import { createSecretCache } from './secret-cache.ts';
import { findKeyById, findKeyBySecret, type KeyRow, touchKeys } from './store/api-keys.ts';
import {
  type ApplicationAccess,
  findApplicationKeyBySecret,
  touchApplicationKeys,
} from './store/application-keys.ts';

export { keyringChannel };

export interface Key {
  apiKeyId: string;
  organizationId: string;
  /** Who holds it: the member whose use it is. */
  userId: string;
  /** Its own, or its holder's. */
  costCenterId: string | null;
  /** The only application that it may be used with; null: any. */
  applicationId: string | null;
  status: 'active' | 'revoked';
  organizationStatus: OrganizationStatus;
  /** Null unless the organization is past due. */
  organizationPastDueSince: Date | null;
  /** Of who made it. */
  personStatus: 'active' | 'suspended';
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
  /** It has none of its holder's permissions. */
  callsOnly: boolean;
}

export interface Keyring {
  /** The key with this secret; undefined where there is none. */
  find(secret: string): Promise<Key | undefined>;
  /** Whether a text has the form of a key's secret, ours or that of a system that keys were moved here from. */
  hasFormOfKey(text: string): Promise<boolean>;
  /** The key with this id; undefined where there is none. */
  findById(id: string): Promise<Key | undefined>;
  /** The key of an application with this secret; undefined where there is none. */
  findApplicationKey(secret: string): Promise<ApplicationKeyAccess | undefined>;
  close(): Promise<void>;
}

/** What is cached of an application's key; archived applications' keys are kept, too, and refused by who asks. */
export interface ApplicationKeyAccess {
  applicationKeyId: string;
  applicationId: string;
  status: 'active' | 'revoked' | 'archived';
}

const idPrefix = 'key_';
/** Longer than any secret of ours; nobody makes us hash a megabyte. */
const secretLengthMax = 200;
/** How often uses are written down: one statement for all keys. */
const touchEveryMs = 60_000;

/** Opens the keyring; it hears of changes once the platform's notifications have started. */
export function createKeyring(platform: Platform): Keyring {
  const { database, clocks, log } = platform;
  const uses = new Map<string, Date>();
  const applicationUses = new Map<string, Date>();
  const foreign = createForeignSalts(platform);
  // By the scheme and hash of its secret, or by its id: the two never look alike.
  const keys = createSecretCache<Key>(platform, {
    channel: keyringChannel,
    async load(name) {
      const [scheme = '', hash] = name.split(' ');
      const row = await (hash === undefined
        ? findKeyById(database, name)
        : findKeyBySecret(database, { scheme, hash }));
      return row && toKey(row);
    },
    concerns: (key, id) => [key.apiKeyId, key.organizationId, key.userId].includes(id),
  });
  const applicationKeys = createSecretCache<ApplicationKeyAccess>(platform, {
    channel: keyringChannel,
    async load(hash) {
      const row = await findApplicationKeyBySecret(database, hash);
      return row && toApplicationKey(row);
    },
    concerns: (key, id) => key.applicationKeyId === id || key.applicationId === id,
  });

  async function read(name: string): Promise<Key | undefined> {
    const key = await keys.find(name);
    if (key?.status === 'active') uses.set(key.apiKeyId, clocks.business());
    return key;
  }

  async function writeUses(): Promise<void> {
    await writeDown(uses, touchKeys);
    await writeDown(applicationUses, touchApplicationKeys);
  }
  async function writeDown(noted: Map<string, Date>, touch: typeof touchKeys): Promise<void> {
    if (noted.size === 0) return;
    const written = new Map(noted);
    noted.clear();
    await touch(database, written);
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
      if (secret.length > secretLengthMax) return undefined;
      if (secret.startsWith(secretPrefix)) {
        const key = await read(`sha256 ${sha256(secret)}`);
        if (key) return key;
      }
      for (const { scheme, hash } of await foreign.hashesOf(secret)) {
        const key = await read(`${scheme} ${hash}`);
        if (key) return key;
      }
      return undefined;
    },
    hasFormOfKey: async (text) => text.startsWith(secretPrefix) || foreign.recognizes(text),
    async findById(id) {
      return id.startsWith(idPrefix) && id.length <= secretLengthMax ? read(id) : undefined;
    },
    async findApplicationKey(secret) {
      if (!secret.startsWith(applicationSecretPrefix)) return undefined;
      if (secret.length > secretLengthMax) return undefined;
      const key = await applicationKeys.find(sha256(secret));
      if (key?.status === 'active') applicationUses.set(key.applicationKeyId, clocks.business());
      return key;
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

function toApplicationKey(row: ApplicationAccess): ApplicationKeyAccess {
  const { applicationKeyId, applicationId, applicationStatus, revokedAt } = row;
  return {
    applicationKeyId,
    applicationId,
    status: revokedAt === null ? applicationStatus : 'revoked',
  };
}
