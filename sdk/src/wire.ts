/** What travels between the SDK and Sluice, in the contract's own names. `wire.test.ts` holds it against the contract. */

/** Method and path of every operation that the SDK calls, by its name in the contract. */
export const operations = {
  authorizeAccess: ['POST', '/api/v1/access/authorize'],
  settleAccess: ['POST', '/api/v1/access/settle'],
  releaseAccess: ['POST', '/api/v1/access/release'],
  renewAccess: ['POST', '/api/v1/access/renew'],
  checkRateLimit: ['POST', '/api/v1/access/rate-limits'],
  getAccessFeatures: ['GET', '/api/v1/access/features'],
  getAccessQuotas: ['GET', '/api/v1/access/quotas'],
  registerSubject: ['PUT', '/api/v1/access/subjects/{external_id}'],
  reportUsage: ['POST', '/api/v1/billing/usage/events'],
  getJwks: ['GET', '/.well-known/jwks.json'],
} as const satisfies Record<string, readonly [method: string, path: string]>;

/** Whose use it is: exactly one of these, but a user may be named with an organization. */
export interface Subject {
  /** The secret as the customer presents it, or the key's id. */
  api_key?: string;
  organization?: string;
  /** As your application registered it. */
  external_id?: string;
  user?: string;
}

/** A decimal: a string such as "1.5", or a number. */
export type Quantity = string | number;

/** Meter → quantity in the meter's unit; a bare key is your application's own meter first. */
export type Quantities = Record<string, Quantity>;

/** What a model call takes at most. */
export interface TokenEstimate {
  input_tokens?: number;
  max_output_tokens?: number;
}

export interface AuthorizeRequest {
  /** Your own id of this piece of work, used once. Made by the SDK where you leave it out. */
  request_id?: string;
  subject: Subject;
  /** With `model` the most tokens that it takes; without, the quantity of each meter. */
  estimate: TokenEstimate | Quantities;
  model?: string;
  application?: string;
  /** Where the customer called from: needed where their key allows addresses only. */
  ip?: string;
  tags?: string[];
  /** How long what is reserved is kept without a word: settle or renew before. */
  hold_seconds?: number;
}

export interface Limit {
  kind: 'quota' | 'spend_cap' | 'requests_per_minute' | 'tokens_per_minute' | 'concurrency';
  quota?: string | undefined;
  meter?: string | undefined;
  unit?: 'count' | 'tokens' | 'gb' | 'money' | undefined;
  window?: 'minute' | 'hour' | 'day' | 'month' | 'year' | 'lifetime' | undefined;
  subject: { kind: 'organization' | 'member' | 'api_key' | 'cost_center'; id: string };
  /** Null: unlimited. */
  limit: string | null;
  used: string;
  /** Held by calls in flight. */
  reserved: string;
  remaining: string | null;
  resets_at: string | null;
  /** Refuses; a soft one only records. */
  hard: boolean;
}

export interface Permit {
  decision: 'permit';
  request_id: string;
  /** Sluice's own id of it, by which its receipt is found. */
  call: string;
  organization: string;
  expires_at: string;
  /** What this counts against, with it reserved; the scarcest first. */
  limits: Limit[];
}

export interface TokenUsage {
  /** With those from a cache and those written to it. */
  input_tokens: number;
  /** With those of reasoning. */
  output_tokens: number;
  cached_input_tokens?: number;
  cache_write_tokens?: number;
  reasoning_tokens?: number;
  estimated?: boolean;
}

export type Outcome = 'completed' | 'aborted' | 'upstream_error';

export interface SettleRequest {
  request_id: string;
  /** Tokens of a model call, otherwise the quantity of each meter. */
  usage: TokenUsage | Quantities;
  outcome?: Outcome;
  latency_ms?: number;
  first_token_ms?: number;
}

/** What was used, what it cost and what paid for it. */
export interface Receipt {
  request_id: string;
  call: string;
  usage: Record<string, unknown>;
  amount: string;
  currency: string;
  paid_by: { kind: 'allowance' | 'grant' | 'wallet' | 'overage'; id: string; amount: string }[];
  shortfall: string;
  late: boolean;
  outcome: Outcome;
  settled_at: string;
  [field: string]: unknown;
}

export interface Released {
  request_id: string;
  released: boolean;
}

export interface RenewRequest {
  request_id: string;
  hold_seconds?: number;
}

export interface Renewed {
  request_id: string;
  expires_at: string;
}

export interface RateLimitRequest {
  subject: Subject;
  /** Your name of the limit, in lower case. */
  name: string;
  limit: number;
  window_seconds: number;
}

export interface RateLimitAnswer {
  allowed: boolean;
  limit: number;
  remaining: number;
  resets_at: string;
  retry_after_seconds: number;
}

export type FeatureValue = boolean | number | string;

export interface Features {
  data: Record<string, FeatureValue>;
  plan: { id: string; slug: string; name: string } | null;
  organization: string;
}

export interface Quotas {
  data: Limit[];
  next_cursor: null;
  organization: string;
}

/** Something used without asking before, or asked while Sluice was away. */
export interface UsageEvent {
  /** Makes a repeat a duplicate. Made by the SDK where you leave it out. */
  id?: string;
  /** When it was used; now where you leave it out. */
  time?: string;
  /** Whose use it is. */
  subject?: Subject;
  application?: string;
  /** A meter with its quantity, or a model with its usage. */
  meter?: string;
  quantity?: Quantity;
  model?: string;
  usage?: Omit<TokenUsage, 'estimated'>;
  tags?: string[];
  properties?: Record<string, unknown>;
  /** Id of the earlier event that this one stands in place of, at its time. */
  corrects?: string;
}

/** One for each event, in their order. */
export interface UsageResults {
  data: {
    id: string | null;
    status: 'accepted' | 'duplicate' | 'refused';
    code?: string | undefined;
    message?: string | undefined;
  }[];
}

export interface SubjectRegistration {
  /** Left out, the one registered before stays, or a new one is made. */
  organization?: string;
  /** A member of the organization, whose use it is. */
  user?: string | null;
  /** Name of the organization that is made; the external id when left out. */
  name?: string;
}

export interface RegisteredSubject {
  external_id: string;
  organization: string;
  user: string | null;
  created_at: string;
}
