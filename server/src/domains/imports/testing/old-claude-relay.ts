/** A Redis as claude-relay-service leaves it: its keys, users, accounts and sums, made from a number each. */
import { createCipheriv, createHash, scryptSync } from 'node:crypto';
import { Redis } from 'ioredis';

export const encryptionKey = 'an-old-encryption-key-of-32-char';

export interface OldRelay {
  users: number;
  keys: number;
  /** The latest day with calls, as a date. */
  today: string;
  /** Every so many keys, one with limits of cost. */
  limitedEvery?: number;
  /** Older versions keep no index of what was used. */
  hasIndex?: boolean;
}

/** The secret of the nth key, as its caller has it. */
export function oldRelaySecret(nth: number): string {
  return `cr_${createHash('sha256').update(`relay ${nth}`).digest('hex')}`;
}

export function oldRelayKeyId(nth: number): string {
  const hex = createHash('sha256').update(`id ${nth}`).digest('hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([a, b]) => hex.slice(a, b))
    .join('-');
}

const userId = (nth: number) => createHash('md5').update(`user ${nth}`).digest('hex');
const hashOf = (secret: string) =>
  createHash('sha256')
    .update(secret + encryptionKey)
    .digest('hex');

/** What one key's calls of a day came to. */
const usageOfDay = (nth: number) => ({ requests: 1 + (nth % 5), micros: 1000 + nth });

export async function fillOldRelay(url: string, wanted: OldRelay): Promise<void> {
  const redis = new Redis(url);
  let pipeline = redis.pipeline();
  for (let nth = 1; nth <= wanted.users; nth += 1) {
    pipeline.set(`user:${userId(nth)}`, JSON.stringify(userOf(nth)));
    pipeline.set(`username:relay${nth}`, userId(nth));
    pipeline.sadd('user:index', userId(nth));
  }
  for (let nth = 1; nth <= wanted.keys; nth += 1) {
    const id = oldRelayKeyId(nth);
    const hash = keyHash(nth, wanted);
    pipeline.hset(`apikey:${id}`, hash).hset('apikey:hash_map', hash.apiKey ?? '', id);
    pipeline.sadd('apikey:idx:all', id).set(`usage:cost:total:${id}`, '0.25');
    const { requests, micros } = usageOfDay(nth);
    pipeline.hset(`usage:${id}:model:daily:claude-sonnet-4:${wanted.today}`, {
      ...{ requests, inputTokens: 100, outputTokens: 10, cacheCreateTokens: 5, cacheReadTokens: 5 },
      ...{ allTokens: 120, realCostMicro: micros, ratedCostMicro: micros },
    });
    if (wanted.hasIndex !== false) {
      pipeline.sadd(`usage:keymodel:daily:index:${wanted.today}`, `${id}:claude-sonnet-4`);
    }
    if (nth % 500 === 0) {
      await pipeline.exec();
      pipeline = redis.pipeline();
    }
  }
  pipeline.hset('claude_console_account:one', {
    ...{ name: 'console', apiUrl: 'https://api.anthropic.com', priority: '40', isActive: 'true' },
    apiKey: sealed('sk-ant-upstream', 'claude-console-salt'),
    supportedModels: JSON.stringify({ 'claude-sonnet-4': 'claude-sonnet-4-20250514' }),
  });
  await pipeline.exec();
  await redis.quit();
}

/** What all of it comes to. */
export function relayTotals({ keys }: OldRelay): { calls: bigint; nanos: bigint } {
  let calls = 0;
  let micros = 0;
  for (let nth = 1; nth <= keys; nth += 1) {
    const used = usageOfDay(nth);
    calls += used.requests;
    micros += used.micros;
  }
  return { calls: BigInt(calls), nanos: BigInt(micros) * 1000n };
}

function userOf(nth: number) {
  return {
    ...{ id: userId(nth), username: `relay${nth}`, email: `relay${nth}@old.example.com` },
    ...{ displayName: `Relay User ${nth}`, role: 'user', isActive: true },
    ...{ createdAt: '2025-08-01T00:00:00.000Z', lastLoginAt: null, apiKeyCount: 1 },
  };
}

function keyHash(nth: number, { users, limitedEvery }: OldRelay): Record<string, string> {
  const isLimited = limitedEvery !== undefined && nth % limitedEvery === 0;
  return {
    ...{ id: oldRelayKeyId(nth), name: `key ${nth}`, description: '', isActive: 'true' },
    apiKey: hashOf(oldRelaySecret(nth)),
    ...{ tokenLimit: '0', concurrencyLimit: '5', rateLimitWindow: '0', rateLimitRequests: '0' },
    ...{ permissions: '[]', enableModelRestriction: 'false', restrictedModels: '[]' },
    ...{ enableClientRestriction: 'false', allowedClients: '[]', tags: '["team-a"]' },
    dailyCostLimit: isLimited ? '2.5' : '0',
    totalCostLimit: isLimited ? '10' : '0',
    ...{ weeklyOpusCostLimit: '0', expirationMode: 'fixed', isActivated: 'true', expiresAt: '' },
    // The first ones are of users; most keys there are nobody's.
    userId: nth <= users ? userId(nth) : '',
    ...{ createdAt: '2025-08-01T00:00:00.000Z', lastUsedAt: '', createdBy: 'admin' },
  };
}

const derived = new Map<string, Buffer>();

function sealed(text: string, salt: string): string {
  const key = derived.get(salt) ?? scryptSync(encryptionKey, salt, 32);
  derived.set(salt, key);
  const nonce = createHash('md5').update(text).digest();
  const cipher = createCipheriv('aes-256-cbc', key, nonce);
  return `${nonce.toString('hex')}:${cipher.update(text, 'utf8', 'hex')}${cipher.final('hex')}`;
}
