/** A no to a call, before it is said in any dialect. */
export interface CallRefusal {
  status: number;
  code: string;
  kind: RefusalKind;
  /** One sentence that says what to do. */
  message: string;
  /** The field of the caller's body that it is about. */
  param?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** What was too much, where a rate of ours refused the call. */
  rate?: 'requests' | 'tokens';
}

/** Every dialect has a word of its own for each of these. */
export type RefusalKind =
  | 'authentication'
  | 'permission'
  | 'invalid_request'
  | 'not_found'
  | 'too_large'
  /** Too many calls or tokens: wait. */
  | 'rate_limit'
  /** Funds, quotas, spend caps: pay. */
  | 'quota'
  | 'server'
  | 'overloaded';
