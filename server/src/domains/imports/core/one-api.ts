/** Rows of one-api and new-api in our words. */
import { nanosOfDollars, nanosOfQuota, type Rate } from './money-there.ts';
import type { OldChannel, OldKey } from './old-installation.ts';

type Row = Readonly<Record<string, unknown>>;

export interface OneApiTerms {
  kind: 'one-api' | 'new-api';
  rate: Rate;
  perDollar: Rate;
}

/** What the drivers have as bigint, number or text. */
export function wholeOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : 0n;
}

/** SQLite has 0 and 1. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1n || value === 1 || value === '1';
}

const refusals: Record<string, string> = { 2: 'disabled there', 3: 'expired there' };

export function keyOf(row: Row, { kind, rate, perDollar }: OneApiTerms): OldKey {
  const { models, ips, reason } = kind === 'new-api' ? newApiLimits(row) : oneApiLimits(row);
  const notCarried: string[] = [];
  if (typeof row.group === 'string' && row.group !== '' && row.group !== 'default') {
    notCarried.push(`its group "${row.group}"`);
  }
  const expired = wholeOf(row.expired_time);
  const isGone = (row.deleted_at ?? null) !== null;
  return {
    id: String(row.id),
    accountId: String(row.user_id),
    name: String(row.name ?? ''),
    // Char(48) comes back padded. Callers send it behind "sk-", and may leave that out there.
    secret: { text: `sk-${String(row.key ?? '').trim()}` },
    refusedFor: isGone ? 'deleted there' : (refusals[String(row.status)] ?? reason),
    expiresAt:
      expired > 0n && expired < 8_640_000_000_000n ? new Date(Number(expired) * 1000) : null,
    isWaiting: false,
    ...{ allowedModels: models, ipAllowlist: ips, requestsPerMinute: null, concurrency: null },
    capDay: null,
    capTotal: isTrue(row.unlimited_quota)
      ? null
      : nanosOfQuota(wholeOf(row.remain_quota), perDollar, rate),
    ...{ tags: [], notCarried },
  };
}

interface Limits {
  models: string[] | null;
  ips: string[] | null;
  /** Why it serves nobody. */
  reason: string | null;
}

function oneApiLimits(row: Row): Limits {
  const models = listOf(row.models, ',');
  const ips = listOf(row.subnet, ',');
  return {
    models: models.length > 0 ? models : null,
    ips: ips.length > 0 ? ips : null,
    reason: null,
  };
}

function newApiLimits(row: Row): Limits {
  const isLimited = isTrue(row.model_limits_enabled);
  const models = listOf(row.model_limits, ',');
  const ips = listOf(row.allow_ips, '\n').map((ip) => ip.replaceAll(',', ''));
  return {
    models: isLimited ? models : null,
    ips: ips.length > 0 ? ips : null,
    reason: isLimited && models.length === 0 ? 'no model is allowed to it' : null,
  };
}

function listOf(value: unknown, separator: string): string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);
}

/** A ratio of one is $0.002 for a thousand tokens. */
const dollarsPerMillion = 2n;

/** Prices of input from the operator's own ratios. */
export function pricesOf(ratios: string | undefined, rate: Rate): Map<string, bigint> {
  const prices = new Map<string, bigint>();
  for (const [model, ratio] of Object.entries(objectOf(ratios ?? '') ?? {})) {
    const nanos = nanosOfDollars(typeof ratio === 'number' ? String(ratio) : undefined, rate);
    if (nanos !== undefined && nanos >= 0n) prices.set(model, nanos * dollarsPerMillion);
  }
  return prices;
}

/** Types whose vendors speak one of our dialects, with the address that is meant where none is given. */
const vendors: Record<string, { dialect: 'openai' | 'anthropic' | 'gemini'; url: string }> = {
  1: { dialect: 'openai', url: 'https://api.openai.com' },
  8: { dialect: 'openai', url: '' },
  14: { dialect: 'anthropic', url: 'https://api.anthropic.com' },
  20: { dialect: 'openai', url: 'https://openrouter.ai/api' },
  24: { dialect: 'gemini', url: 'https://generativelanguage.googleapis.com' },
};

const weightMax = 1000;
const priorityMax = 1000;

export function channelOf(row: Row): OldChannel {
  const vendor = vendors[String(row.type)];
  const url = typeof row.base_url === 'string' ? row.base_url.trim() : '';
  const notCarried: string[] = [];
  const aliases = aliasesOf(row.model_mapping);
  if (aliases === undefined) notCarried.push('its mapping of models cannot be read');
  const group = String(row.group ?? '');
  if (group !== '' && group !== 'default') notCarried.push(`its groups "${group}"`);
  return {
    id: String(row.id),
    name: String(row.name ?? ''),
    dialect: vendor?.dialect ?? null,
    baseUrl: url === '' ? (vendor?.url ?? '') : url,
    apiKeys: listOf(row.key, '\n'),
    models: listOf(row.models, ','),
    aliases: aliases ?? {},
    weight: bounded(wholeOf(row.weight), { min: 1, max: weightMax }),
    priority: bounded(wholeOf(row.priority), { min: -priorityMax, max: priorityMax }),
    notCarried,
  };
}

function aliasesOf(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'string' || value.trim() === '') return {};
  const pairs = Object.entries(objectOf(value) ?? { none: null });
  const isText = (pair: [string, unknown]): pair is [string, string] => typeof pair[1] === 'string';
  return pairs.every(isText) ? Object.fromEntries(pairs) : undefined;
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

function bounded(value: bigint, { min, max }: { min: number; max: number }): number {
  return Math.max(min, Math.min(max, Number(value)));
}
