/** Decides what becomes of a key of another system. */
import { isIP } from 'node:net';
import { nanosMax } from '../../../platform/money.ts';
import { cleanTags, cleanText } from './clean-text.ts';
import type { OldKey } from './old-installation.ts';

const nameMax = 100;
const listMax = 200;
const modelLengthMax = 200;
/** A secret that is shorter could be guessed from its hash, and mostly be read from how it begins. */
const secretLengthMin = 24;
const secretLengthMax = 200;
const concurrencyMax = 100_000;
const rpmMax = 1_000_000;

export interface PlannedKey {
  name: string;
  expiresAt: Date | null;
  allowedModels: string[] | null;
  ipAllowlist: string[] | null;
  rates: {
    requestsPerMinute: number | null;
    tokensPerMinute: null;
    concurrency: number | null;
  };
  spendCaps: { day: bigint | null; month: null; total: bigint | null };
  tags: string[];
}

export type KeyPlan =
  | { verdict: 'move'; key: PlannedKey; notes: string[] }
  | { verdict: 'leave'; reason: string };

export function planKey(old: OldKey): KeyPlan {
  if (old.refusedFor !== null) return { verdict: 'leave', reason: old.refusedFor };
  const flaw = flawOfSecret(old.secret);
  if (flaw) return { verdict: 'leave', reason: flaw };
  // A list of which a part would be dropped must not become a wider one.
  const models = old.allowedModels?.map((model) => cleanText(model, modelLengthMax + 1) ?? '');
  if (models?.some((model) => model === '' || model.length > modelLengthMax)) {
    return { verdict: 'leave', reason: 'its list of models has a name that is none' };
  }
  if (models && (models.length === 0 || models.length > listMax)) {
    return { verdict: 'leave', reason: `its list of models has ${models.length} names` };
  }
  const stray = old.ipAllowlist?.find((range) => !isRange(range));
  if (stray !== undefined) {
    return { verdict: 'leave', reason: `its address "${cleanText(stray, 50) ?? ''}" is none` };
  }
  const notes = [...old.notCarried];
  const { tags, isAll } = cleanTags(old.tags);
  if (!isAll) notes.push('some of its tags');
  return {
    verdict: 'move',
    key: {
      name: cleanText(old.name, nameMax) ?? `Key ${old.id}`.slice(0, nameMax),
      expiresAt: old.expiresAt,
      allowedModels: models ? [...new Set(models)] : null,
      ipAllowlist: old.ipAllowlist,
      rates: {
        requestsPerMinute: withinRate(old.requestsPerMinute, rpmMax),
        tokensPerMinute: null,
        concurrency: withinRate(old.concurrency, concurrencyMax),
      },
      spendCaps: { day: cap(old.capDay), month: null, total: cap(old.capTotal) },
      tags,
    },
    notes,
  };
}

function flawOfSecret(secret: OldKey['secret']): string | undefined {
  if ('hash' in secret) {
    return /^[0-9a-f]{64}$/.test(secret.hash) ? undefined : 'its hash is none';
  }
  const { text } = secret;
  if (text.length < secretLengthMin) return 'its secret is too short to be safe';
  return text.length <= secretLengthMax && /^[\x21-\x7e]+$/.test(text)
    ? undefined
    : 'its secret cannot be sent in a header';
}

function isRange(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (length === undefined) return true;
  return /^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128);
}

function withinRate(rate: number | null, max: number): number | null {
  return rate !== null && Number.isInteger(rate) && rate > 0 ? Math.min(rate, max) : null;
}

/** Nothing left is a cap of zero: callers are refused, as they were. */
function cap(amount: bigint | null): bigint | null {
  if (amount === null) return null;
  if (amount < 0n) return 0n;
  return amount > nanosMax ? nanosMax : amount;
}

/** What would be another key if it differed. What is left to spend is money, and only compared. */
export function keyTerms(old: OldKey): readonly unknown[] {
  return [
    ...[old.name, old.refusedFor, old.isWaiting ? 'waiting' : old.expiresAt, old.tags],
    ...[old.allowedModels, old.ipAllowlist, old.requestsPerMinute, old.concurrency],
  ];
}
