/** An installation of claude-relay-service: its Redis, read key by key with SCAN, which holds nobody up. */
import { Redis } from 'ioredis';
import { dayOf, startOfDay } from '../../../platform/time.ts';
import {
  type RelayHash,
  relayAccountOf,
  relayChannelOf,
  relayKeyOf,
  relayUsageOf,
} from '../core/claude-relay.ts';
import type { Rate } from '../core/money-there.ts';
import type { OldAccount, OldChannel, OldInstallation, OldKey } from '../core/old-installation.ts';
import { refused } from './foreign-database.ts';
import { openRelaySecret, relayHash } from './relay-secrets.ts';

export interface ClaudeRelayOptions {
  url: string;
  /** Its ENCRYPTION_KEY; left out, secrets are not read: enough to compare. */
  encryptionKey: string | undefined;
  /** One of its keys in the clear, where nothing else proves that the encryption key is right. */
  sampleKey?: string | undefined;
  rate: Rate;
  timeZone: string;
  now: Date;
}

const hashMap = 'apikey:hash_map';
const scanCount = 500;

/** @throws Refusal `rule_violated` for what is no such Redis, and for an encryption key that is another one's. */
export async function openClaudeRelay(options: ClaudeRelayOptions): Promise<OldInstallation> {
  const redis = new Redis(options.url, {
    ...{ lazyConnect: true, maxRetriesPerRequest: 2, connectTimeout: 5_000 },
    retryStrategy: (times) => (times > 3 ? null : times * 200),
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect().catch((error: Error) => {
      throw refused(`The old Redis cannot be reached (${error.message}): check --redis.`);
    });
    if ((await redis.exists(hashMap)) === 0) {
      throw refused(
        `This Redis has no keys of claude-relay-service (${hashMap}): check --redis, the number of its database above all.`,
      );
    }
    if (options.encryptionKey !== undefined) {
      await requireRightKey(redis, options.encryptionKey, options.sampleKey);
    }
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return {
    kind: 'claude-relay',
    count: async () => ({
      accounts: await countAccounts(redis),
      keys: await redis.hlen(hashMap),
    }),
    accounts: () => readAccounts(redis),
    keys: () => readKeys(redis, options),
    usage: (since) => readUsage(redis, options, since),
    channels: () => readChannels(redis, options.encryptionKey),
    // Its prices are a public list.
    inputPrices: async () => new Map(),
    async close() {
      redis.disconnect();
    },
  };
}

/** Where secrets are sealed there, and with which salt. */
const sealedFields = [
  { match: 'claude:account:*', salt: 'salt', fields: ['refreshToken', 'accessToken', 'email'] },
  { match: 'claude_console_account:*', salt: 'claude-console-salt', fields: ['apiKey'] },
  { match: 'openai_responses_account:*', salt: 'openai-responses-salt', fields: ['apiKey'] },
  { match: 'gemini_api_account:*', salt: 'gemini-api-salt', fields: ['apiKey'] },
] as const;
const triedMax = 5;

/** Hashes cannot be checked, but what that system sealed with the same key can; or a key that somebody still has. */
async function requireRightKey(
  redis: Redis,
  encryptionKey: string,
  sampleKey: string | undefined,
): Promise<void> {
  if (sampleKey !== undefined) {
    if ((await redis.hexists(hashMap, relayHash(sampleKey, encryptionKey))) === 1) return;
    throw refused(
      'The sample key is none of that installation’s under this encryption key: check ENCRYPTION_KEY in its .env, and the sample.',
    );
  }
  const sealed = await findSealed(redis);
  if (sealed.length === 0) {
    throw refused(
      'Nothing there proves that the encryption key is right, and with a wrong one no caller would be served: give one of its keys as --sample-key.',
    );
  }
  if (sealed.some(({ text, salt }) => openRelaySecret(text, { encryptionKey, salt }))) return;
  throw refused(
    'The encryption key is not that installation’s: nothing it sealed opens with it. Check ENCRYPTION_KEY in its .env.',
  );
}

async function findSealed(redis: Redis): Promise<{ text: string; salt: string }[]> {
  const found: { text: string; salt: string }[] = [];
  for (const { match, salt, fields } of sealedFields) {
    for await (const names of scan(redis, match)) {
      for (const name of names) {
        if ((await redis.type(name)) !== 'hash') continue;
        const texts = await redis.hmget(name, ...fields);
        found.push(...texts.flatMap((text) => (text?.includes(':') ? [{ text, salt }] : [])));
        if (found.length >= triedMax) return found;
      }
    }
  }
  return found;
}

async function* scan(redis: Redis, match: string): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const [next, names] = await redis.scan(cursor, 'MATCH', match, 'COUNT', scanCount);
    cursor = next;
    // SCAN may name one twice.
    if (names.length > 0) yield [...new Set(names)];
  } while (cursor !== '0');
}

const accountPattern = /^user:[0-9a-f-]{16,64}$/;

async function countAccounts(redis: Redis): Promise<number> {
  let count = 0;
  for await (const names of scan(redis, 'user:*')) {
    count += names.filter((name) => accountPattern.test(name)).length;
  }
  return count;
}

async function* readAccounts(redis: Redis): AsyncGenerator<OldAccount[]> {
  for await (const names of scan(redis, 'user:*')) {
    const wanted = names.filter((name) => accountPattern.test(name));
    if (wanted.length === 0) continue;
    const texts = await redis.mget(...wanted);
    yield texts.flatMap((text) => (text === null ? [] : (relayAccountOf(text) ?? [])));
  }
}

const keyPattern = /^apikey:[0-9A-Za-z-]{8,64}$/;

async function* readKeys(
  redis: Redis,
  { rate, now }: ClaudeRelayOptions,
): AsyncGenerator<OldKey[]> {
  const seen = new Set<string>();
  for await (const names of scan(redis, 'apikey:*')) {
    const ids = names
      .filter((name) => keyPattern.test(name) && !seen.has(name))
      .map((name) => name.slice('apikey:'.length));
    for (const id of ids) seen.add(`apikey:${id}`);
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hgetall(`apikey:${id}`).get(`usage:cost:total:${id}`);
    const answers = (await pipeline.exec()) ?? [];
    const keys = ids.flatMap((id, index) => {
      const [, hash] = answers[2 * index] ?? [];
      const [, spent] = answers[2 * index + 1] ?? [];
      const isKey = typeof hash === 'object' && hash !== null && 'apiKey' in hash;
      const of = { spent: typeof spent === 'string' ? spent : null, rate, now };
      return isKey ? [relayKeyOf(id, hash as RelayHash, of)] : [];
    });
    if (keys.length > 0) yield keys;
  }
}

/** How long days of a key's models are kept there. */
const daysKept = 33;
const dayMs = 86_400_000;

async function* readUsage(
  redis: Redis,
  { rate, timeZone, now }: ClaudeRelayOptions,
  since: Date | undefined,
) {
  const first = since && dayOf(since, timeZone);
  for (let ago = daysKept; ago >= -1; ago -= 1) {
    // Dates are those of that installation's own clock.
    const date = new Date(now.getTime() - ago * dayMs).toISOString().slice(0, 10);
    if (first !== undefined && date < first) continue;
    const usage = [];
    for (const batch of batchesOf(await findUsed(redis, date))) {
      const pipeline = redis.pipeline();
      for (const { keyId, model } of batch) {
        pipeline.hgetall(`usage:${keyId}:model:daily:${model}:${date}`);
      }
      const answers = (await pipeline.exec()) ?? [];
      for (const [index, of] of batch.entries()) {
        const [, hash] = answers[index] ?? [];
        if (typeof hash !== 'object' || hash === null) continue;
        const row = relayUsageOf(of, hash as RelayHash, rate);
        if (row.calls > 0n) usage.push(row);
      }
    }
    if (usage.length > 0) yield { day: dayNamed(date, timeZone), usage };
  }
}

/** Which models were called with which keys: from that day's index, which older versions do not keep. */
async function findUsed(redis: Redis, date: string): Promise<{ keyId: string; model: string }[]> {
  const index = `usage:keymodel:daily:index:${date}`;
  const found = new Map<string, { keyId: string; model: string }>();
  const add = (member: string, keyId: string | undefined, model: string | undefined) => {
    if (keyId && model) found.set(member, { keyId, model });
  };
  if ((await redis.exists(index)) === 1) {
    for (const member of await redis.smembers(index)) {
      const [keyId, ...model] = member.split(':');
      add(member, keyId, model.join(':'));
    }
    return [...found.values()];
  }
  for await (const names of scan(redis, `usage:*:model:daily:*:${date}`)) {
    for (const name of names) {
      const [, keyId, model] = /^usage:([^:]+):model:daily:(.+):[^:]+$/.exec(name) ?? [];
      add(name, keyId, model);
    }
  }
  return [...found.values()];
}

function* batchesOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += scanCount) {
    yield all.slice(start, start + scanCount);
  }
}

/** The day here that has the date's name. */
function dayNamed(date: string, timeZone: string): Date {
  const noon = new Date(`${date}T12:00:00Z`);
  const day = startOfDay(noon, timeZone);
  if (dayOf(noon, timeZone) === date) return day;
  return startOfDay(new Date(day.getTime() - dayMs / 2), timeZone);
}

async function readChannels(
  redis: Redis,
  encryptionKey: string | undefined,
): Promise<OldChannel[]> {
  const channels: OldChannel[] = [];
  for await (const names of scan(redis, 'claude_console_account:*')) {
    for (const name of names) {
      if ((await redis.type(name)) !== 'hash') continue;
      const hash = await redis.hgetall(name);
      const apiKey =
        encryptionKey === undefined
          ? undefined
          : openRelaySecret(hash.apiKey ?? '', { encryptionKey, salt: 'claude-console-salt' });
      channels.push(relayChannelOf(name.slice(name.indexOf(':') + 1), hash, apiKey));
    }
  }
  return channels;
}
