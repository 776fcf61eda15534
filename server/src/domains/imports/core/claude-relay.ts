/** Records of claude-relay-service in our words. https://github.com/Wei-Shaw/claude-relay-service */
import { nanosOfDollars, type Rate } from './money-there.ts';
import type { OldAccount, OldChannel, OldKey, OldUsage } from './old-installation.ts';

export type RelayHash = Readonly<Record<string, string>>;

/** How keys there begin unless the operator chose otherwise. */
export const relayPrefix = 'cr_';

/** A key's hash in Redis, with what was spent with it in all, in dollars. */
export function relayKeyOf(
  id: string,
  hash: RelayHash,
  { spent, rate, now }: { spent: string | null; rate: Rate; now: Date },
): OldKey {
  const { expiresAt, isWaiting } = expiryOf(hash, now);
  const total = limitOf(hash.totalCostLimit, rate);
  const used = nanosOfDollars(spent, rate) ?? 0n;
  return {
    id,
    accountId: hash.userId ? hash.userId : null,
    name: hash.name ?? '',
    secret: { hash: hash.apiKey ?? '' },
    refusedFor: refusalOf(hash),
    ...{ expiresAt, isWaiting },
    // A list of models there says which are refused; here it says which are allowed.
    allowedModels: null,
    ipAllowlist: null,
    requestsPerMinute: hash.rateLimitWindow === '1' ? countOf(hash.rateLimitRequests) : null,
    concurrency: countOf(hash.concurrencyLimit),
    capDay: limitOf(hash.dailyCostLimit, rate),
    capTotal: total === null ? null : total > used ? total - used : 0n,
    tags: namesOf(hash.tags),
    notCarried: [
      ...lostLimits(hash, rate),
      ...(isWaiting ? ['the wait for its first call: its time runs from today'] : []),
    ],
  };
}

function refusalOf(hash: RelayHash): string | null {
  if (hash.isDeleted === 'true') return 'deleted there';
  return hash.isActive === 'true' ? null : 'disabled there';
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const usualDays = 30;

/** A key may be given days that begin with its first call. */
function expiryOf(hash: RelayHash, now: Date): { expiresAt: Date | null; isWaiting: boolean } {
  if (hash.expirationMode === 'activation' && hash.isActivated !== 'true') {
    const span = countOf(hash.activationDays) ?? usualDays;
    const unitMs = hash.activationUnit === 'hours' ? hourMs : dayMs;
    return { expiresAt: new Date(now.getTime() + span * unitMs), isWaiting: true };
  }
  const at = hash.expiresAt ? new Date(hash.expiresAt) : undefined;
  return { expiresAt: at && !Number.isNaN(at.getTime()) ? at : null, isWaiting: false };
}

function lostLimits(hash: RelayHash, rate: Rate): string[] {
  const lost: string[] = [];
  const say = (isSet: boolean, text: string) => {
    if (isSet) lost.push(text);
  };
  const services = namesOf(hash.permissions).filter((name) => name !== 'all');
  const refused = namesOf(hash.restrictedModels);
  const isRefusing = hash.enableModelRestriction === 'true' && refused.length > 0;
  const requests = countOf(hash.rateLimitRequests);
  say(services.length > 0, `its services (${services.join(', ').slice(0, 100)})`);
  say(isRefusing, `its refused models (${refused.join(', ').slice(0, 100)})`);
  say(hash.enableClientRestriction === 'true', 'its list of clients');
  say(limitOf(hash.weeklyOpusCostLimit, rate) !== null, 'its weekly limit');
  say(limitOf(hash.rateLimitCost, rate) !== null, 'its limit of cost per window');
  say(
    requests !== null && hash.rateLimitWindow !== '1',
    `its ${requests} requests in ${hash.rateLimitWindow} minutes`,
  );
  say(countOf(hash.tokenLimit) !== null, 'its limit of tokens');
  const bound = Object.keys(hash).filter((name) => name.endsWith('AccountId') && hash[name]);
  say(bound.length > 0, 'the upstream account it is bound to');
  return lost;
}

/** A limit of zero is none. */
function limitOf(text: string | undefined, rate: Rate): bigint | null {
  const nanos = nanosOfDollars(text, rate);
  return nanos !== undefined && nanos > 0n ? nanos : null;
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

/** A list as JSON, or one name, as older versions wrote it. */
function namesOf(text: string | undefined): string[] {
  if (!text) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed.filter((name) => typeof name === 'string');
  } catch {
    // One name, or several between commas.
  }
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== '[]');
}

/** Undefined for what is no user. */
export function relayAccountOf(text: string): OldAccount | undefined {
  const user = objectOf(text);
  if (!user || typeof user.id !== 'string') return undefined;
  const read = (name: string) => (typeof user[name] === 'string' ? (user[name] as string) : null);
  return {
    id: user.id,
    email: read('email'),
    name: read('displayName') ?? read('username'),
    username: read('username'),
    status: user.isActive === false ? 'disabled' : 'active',
    role: user.role === 'admin' ? 'an administrator' : null,
    balance: null,
    notCarried: [],
  };
}

const microsPerDollar = 1_000_000n;
const nanosPerDollar = 1_000_000_000n;

/** Sums of a key's calls to a model within a day; input counts what was cached, as it does here. */
export function relayUsageOf(
  of: { keyId: string; model: string },
  hash: RelayHash,
  rate: Rate,
): OldUsage {
  const count = (name: string) => (/^\d+$/.test(hash[name] ?? '') ? BigInt(hash[name] ?? 0) : 0n);
  const micros = count('ratedCostMicro') || count('realCostMicro');
  const nanos = (micros * nanosPerDollar) / microsPerDollar;
  return {
    ...of,
    accountId: null,
    calls: count('requests'),
    inputTokens: count('inputTokens') + count('cacheCreateTokens') + count('cacheReadTokens'),
    outputTokens: count('outputTokens'),
    amount: (nanos * rate.numerator) / rate.denominator,
  };
}

const priorityUsual = 50;

/** An account of Anthropic's dialect with an address and a key; its key opened. There, the lowest priority goes first. */
export function relayChannelOf(
  id: string,
  hash: RelayHash,
  apiKey: string | undefined,
): OldChannel {
  const models = objectOf(hash.supportedModels ?? '');
  const aliases = Object.entries(models ?? {}).flatMap(([from, to]) =>
    typeof to === 'string' && to !== from ? [[from, to] as const] : [],
  );
  const listed = models ? Object.keys(models) : namesOf(hash.supportedModels);
  const priority = countOf(hash.priority) ?? priorityUsual;
  return {
    id,
    name: hash.name ?? '',
    dialect: 'anthropic',
    baseUrl: hash.apiUrl ?? '',
    apiKeys: apiKey === undefined ? [] : [apiKey],
    models: listed.filter((name) => name !== '{}' && name !== '[]'),
    aliases: Object.fromEntries(aliases),
    weight: 1,
    priority: priorityUsual - priority,
    notCarried: hash.proxy ? ['its proxy'] : [],
  };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
