/** API keys: what a key is worth at an instant, and what may be changed about one. */

export interface KeyRates {
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  concurrency: number | null;
}

/** What calls with a key may cost, in nano-units of the usage currency; null: no cap. */
export interface SpendCaps {
  day: bigint | null;
  month: bigint | null;
  total: bigint | null;
}

/** What a key is limited to. */
export interface KeyLimits {
  allowedModels: string[] | null;
  /** The only application that it may be used with; null: any. */
  applicationId: string | null;
  ipAllowlist: string[] | null;
  rates: KeyRates;
  spendCaps: SpendCaps;
  tags: string[];
}

/** What calls are booked under. */
export interface KeyCostCenter {
  id: string;
  code: string;
  name: string;
  /** The holder's, not the key's own. */
  inherited: boolean;
}

export interface ApiKey extends KeyLimits {
  id: string;
  organizationId: string;
  name: string;
  prefix: string;
  /** Who holds it: the member whose use it is. */
  holder: { id: string; name: string | null; email: string | null };
  costCenter: KeyCostCenter | null;
  expiresAt: Date | null;
  /** Until then the secret from before the last rotation works as well. */
  previousExpiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
  revokedAt: Date | null;
}

/** Limits as somebody wishes them; what is left out stays as it is. */
export interface LimitChanges {
  allowedModels?: string[] | null | undefined;
  applicationId?: string | null | undefined;
  ipAllowlist?: string[] | null | undefined;
  rates?: Changes<KeyRates> | undefined;
  spendCaps?: Changes<SpendCaps> | undefined;
  tags?: string[] | undefined;
}

type Changes<T> = { [Name in keyof T]?: T[Name] | undefined };

export const unlimited: KeyLimits = {
  allowedModels: null,
  applicationId: null,
  ipAllowlist: null,
  rates: { requestsPerMinute: null, tokensPerMinute: null, concurrency: null },
  spendCaps: { day: null, month: null, total: null },
  tags: [],
};

export function changeLimits(old: KeyLimits, changes: LimitChanges): KeyLimits {
  return {
    allowedModels: changed(old.allowedModels, changes.allowedModels),
    applicationId: changed(old.applicationId, changes.applicationId),
    ipAllowlist: changed(old.ipAllowlist, changes.ipAllowlist),
    rates: {
      requestsPerMinute: changed(old.rates.requestsPerMinute, changes.rates?.requestsPerMinute),
      tokensPerMinute: changed(old.rates.tokensPerMinute, changes.rates?.tokensPerMinute),
      concurrency: changed(old.rates.concurrency, changes.rates?.concurrency),
    },
    spendCaps: {
      day: changed(old.spendCaps.day, changes.spendCaps?.day),
      month: changed(old.spendCaps.month, changes.spendCaps?.month),
      total: changed(old.spendCaps.total, changes.spendCaps?.total),
    },
    tags: changes.tags === undefined ? old.tags : [...new Set(changes.tags)].sort(),
  };
}

function changed<T>(old: T, change: T | undefined): T {
  return change === undefined ? old : change;
}

export function sameCaps(one: SpendCaps, other: SpendCaps): boolean {
  return one.day === other.day && one.month === other.month && one.total === other.total;
}

export const secretPrefix = 'sk-';
/** Enough to tell keys apart, far too little to guess the rest. */
const prefixLength = secretPrefix.length + 8;
/** Keys of one organization that are not revoked. */
export const liveKeysMax = 200;

export function prefixOf(secret: string): string {
  return secret.slice(0, prefixLength);
}

/** What of a typed text may be looked for and written to logs: of a key's secret, what is shown of it anyway. */
export function shownPartOfKey(text: string): string {
  if (foreignSecret.test(text)) return text.slice(0, text.indexOf('_') + 1);
  return text.startsWith(secretPrefix) ? prefixOf(text) : text;
}

/** How systems that keys are moved here from form theirs: nothing that has a name is that long. */
const foreignSecret = /^[a-z]{1,12}_[A-Za-z0-9]{32,}$/;

/** Expiry is business time. */
export function statusOf(
  key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  now: Date,
): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt) return 'revoked';
  return key.expiresAt && key.expiresAt <= now ? 'expired' : 'active';
}
