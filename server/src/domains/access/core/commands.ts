/** What is asked of access, and what it answers. Amounts are nano-units of the usage currency. */
import type { CallDetails, Outcome, Usage } from '../../metering/index.ts';

/** So much of an application's meter, in its smallest parts. */
export interface MeterQuantity {
  meterId: string;
  quantity: bigint;
}

export interface AuthorizeCommand {
  /** Made by us, so that it sorts by time and names its partition. */
  requestId: string;
  organizationId: string;
  apiKeyId: string | null;
  /** Whose use it is, beside the organization's and the key's. */
  userId: string | null;
  /** What it is booked under: as it was assigned when the call began. */
  costCenterId: string | null;
  /** Null for calls through the gateway. */
  applicationId: string | null;
  /** Null where no model is called. */
  model: string | null;
  /** The price snapshot that will settle the call; null where nothing is charged. */
  priceId: string | null;
  channel?: string;
  /** What the call costs at most: this is held. Nothing where it has no price. */
  worstCase: bigint;
  /** Input and output that a call of a model uses at most. */
  tokens: number;
  /** What it uses at most of the application's own meters; each meter once. */
  meters: readonly (MeterQuantity & { requiresQuota: boolean })[];
  /** Answer with the states of the limits that it counts against. */
  wantLimits?: boolean;
  /** The least that must be held: the worst case to reject short funds, 1 to cap the call at what is there. */
  minimum: bigint;
  /** Business time: every window of the call is that of this instant. */
  authorizedAt: Date;
  /** Wall time after which the sweep gives the hold back. */
  expiresAt: Date;
  /** False where the caller keeps in memory what it needs to settle: the hold may then be lost with the database. */
  durable: boolean;
}

/** A quota within one of its windows. Amounts are in the meter's smallest parts. */
export interface QuotaState {
  quotaId: string;
  meterId: string;
  subjectKind: 'organization' | 'member' | 'api_key' | 'cost_center';
  subjectId: string;
  window: 'minute' | 'hour' | 'day' | 'month' | 'year' | 'lifetime';
  /** Null: unlimited. */
  limit: bigint | null;
  isHard: boolean;
  used: bigint;
  reserved: bigint;
  /** Null: never. */
  resetsAt: Date | null;
}

export type AuthorizeAnswer =
  /** Limits only where they were asked for, as they are with this call reserved. */
  | { permitted: true; held: bigint; limits?: QuotaState[] }
  | { permitted: false; code: 'insufficient_funds'; available: bigint }
  | { permitted: false; code: 'request_closed' }
  /** The quota that refused, as it was then. */
  | { permitted: false; code: 'quota_exceeded' | 'spend_cap_exceeded'; quota: QuotaState }
  /** The meter may not be used without a quota, and there is none. */
  | { permitted: false; code: 'quota_required'; meterId: string; quota: null };

export interface SettleCommand {
  requestId: string;
  organizationId: string;
  apiKeyId: string | null;
  userId: string | null;
  costCenterId: string | null;
  applicationId: string | null;
  model: string | null;
  priceId: string | null;
  channel: string | null;
  tags: readonly string[];
  /** What was used of the application's own meters; each meter once. */
  meters: readonly MeterQuantity[];
  /** What the call cost. */
  amount: bigint;
  usage: Usage;
  outcome: Outcome;
  /** As it was authorized. */
  authorizedAt: Date;
  latencyMs: number | null;
  firstTokenMs: number | null;
  /** What only some calls have. */
  details?: CallDetails;
}

export interface ReleaseCommand {
  requestId: string;
  organizationId: string;
}

export interface PaidPart {
  kind: 'allowance' | 'grant' | 'wallet';
  /** The bucket. */
  id: string;
  amount: bigint;
}

export interface Settlement {
  parts: PaidPart[];
  /** What nothing could pay: owed by the next call. */
  shortfall: bigint;
  /** The hold was gone when it was settled. */
  late: boolean;
  /** It had been settled before; this is the first answer again. */
  repeated: boolean;
}
