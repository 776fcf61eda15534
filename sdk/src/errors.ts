/** Every way in which Sluice, or the way to it, says no. */
import type { Limit } from './wire.ts';

export interface ErrorDetails {
  status?: number | undefined;
  param?: string | undefined;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  limit?: Limit | undefined;
  cause?: unknown;
}

/** What every error of the SDK is. `code` is the contract's, such as "quota_exceeded"; `message` says what to do. */
export class SluiceError extends Error {
  override readonly name: string = 'SluiceError';
  readonly code: string;
  /** Status of Sluice's answer; 0 where none came. */
  readonly status: number;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
  /** After which the same may pass. */
  readonly retryAfterSeconds: number | undefined;
  /** The limit that refused, as Sluice counts it. */
  readonly detail: Limit | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? 0;
    this.param = details.param;
    this.requestId = details.requestId;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.detail = details.limit;
  }
}

/** A quota or a key's spend cap is used up: of what, how much, and until when. Quantities are exact decimals. */
export class QuotaExceededError extends SluiceError {
  override readonly name = 'QuotaExceededError';

  get meter(): string | undefined {
    return this.detail?.meter;
  }
  get limit(): string | null {
    return this.detail?.limit ?? null;
  }
  get used(): string | undefined {
    return this.detail?.used;
  }
  get remaining(): string | null {
    return this.detail?.remaining ?? null;
  }
  get window(): Limit['window'] {
    return this.detail?.window;
  }
  /** Null where it never begins anew. */
  get resetsAt(): Date | null {
    const instant = this.detail?.resets_at;
    return instant ? new Date(instant) : null;
  }
}

/** Too many requests or tokens in this minute, or too many at once. */
export class RateLimitedError extends SluiceError {
  override readonly name = 'RateLimitedError';
}

/** The customer's plan does not have this. */
export class FeatureNotIncludedError extends SluiceError {
  override readonly name = 'FeatureNotIncludedError';
}

/** The customer's allowances, credit and wallet do not cover this. */
export class InsufficientFundsError extends SluiceError {
  override readonly name = 'InsufficientFundsError';
}

/** Sluice could not be reached, or could not answer, within the deadline. */
export class SluiceUnavailableError extends SluiceError {
  override readonly name = 'SluiceUnavailableError';
}

/** The error that an answer means. */
export function errorOfAnswer(status: number, body: unknown, headers: Headers): SluiceError {
  const told = (body as { error?: Record<string, unknown> } | undefined)?.error;
  const code = text(told?.code) ?? (status >= 500 ? 'unavailable' : 'unexpected_answer');
  const message =
    text(told?.message) ??
    `The answer with status ${status} is not Sluice's: check the base URL and what is in between.`;
  const Kind = status >= 500 ? SluiceUnavailableError : (kinds[code] ?? SluiceError);
  return new Kind(code, message, {
    status,
    param: text(told?.param),
    requestId: text(told?.request_id) ?? headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: secondsOf(told?.retry_after_seconds) ?? retryAfter(headers),
    limit: told?.limit as Limit | undefined,
  });
}

const kinds: Record<string, typeof SluiceError> = {
  quota_exceeded: QuotaExceededError,
  spend_cap_exceeded: QuotaExceededError,
  rate_limited: RateLimitedError,
  concurrency_exceeded: RateLimitedError,
  too_many_requests: RateLimitedError,
  feature_not_included: FeatureNotIncludedError,
  insufficient_funds: InsufficientFundsError,
};

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

/** RFC 9110 has seconds or a date. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
