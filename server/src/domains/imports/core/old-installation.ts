/** What is read of another system, whichever it is; the adapters in `source-store/` say it in these words. */

export type SourceKind = 'claude-relay' | 'one-api' | 'new-api';

export interface OldAccount {
  id: string;
  email: string | null;
  name: string | null;
  username: string | null;
  /** Whoever is gone there is not moved. */
  status: 'active' | 'disabled' | 'deleted';
  /** More than a customer, as it was called there. */
  role: string | null;
  /** Nano-units of the usage currency; null where that system keeps no balances. */
  balance: bigint | null;
  /** What has no place here, in words. */
  notCarried: string[];
}

export interface OldKey {
  id: string;
  /** Null: nobody's, as keys that an administrator made. */
  accountId: string | null;
  name: string;
  secret: { text: string } | { hash: string };
  /** Why its callers are refused there; null: they are served. */
  refusedFor: string | null;
  expiresAt: Date | null;
  /** Its time would begin with its first call there; it begins with the import here. */
  isWaiting: boolean;
  allowedModels: string[] | null;
  ipAllowlist: string[] | null;
  requestsPerMinute: number | null;
  concurrency: number | null;
  capDay: bigint | null;
  capTotal: bigint | null;
  tags: string[];
  /** Limits that have no place here, in words. */
  notCarried: string[];
}

/** Calls of one day: of an account, with a key, to a model. */
export interface OldUsage {
  accountId: string | null;
  keyId: string | null;
  model: string;
  calls: bigint;
  inputTokens: bigint;
  outputTokens: bigint;
  amount: bigint;
}

export interface OldChannel {
  id: string;
  name: string;
  /** Null: no dialect that we speak. */
  dialect: 'openai' | 'anthropic' | 'gemini' | null;
  baseUrl: string;
  apiKeys: string[];
  models: string[];
  aliases: Record<string, string>;
  weight: number;
  priority: number;
  notCarried: string[];
}

export interface OldTotals {
  accounts: number;
  keys: number;
}

/** Another system that is open for reading, and only for reading. */
export interface OldInstallation {
  kind: SourceKind;
  count(): Promise<OldTotals>;
  accounts(): AsyncIterable<OldAccount[]>;
  keys(): AsyncIterable<OldKey[]>;
  /** Whole days in their order, from the one of `since` on. */
  usage(since: Date | undefined): AsyncIterable<{ day: Date; usage: OldUsage[] }>;
  channels(): Promise<OldChannel[]>;
  /** Nano-units of the usage currency per million tokens of input, of models whose price was set there. */
  inputPrices(): Promise<Map<string, bigint>>;
  close(): Promise<void>;
}
