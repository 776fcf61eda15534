/** What the gateway asks of access, and what it is told. Amounts are nano-units of the usage currency. */
import type { Outcome, Usage } from '../../metering/index.ts';

export interface AuthorizeCommand {
  /** Made by us, so that it sorts by time and names its partition. */
  requestId: string;
  organizationId: string;
  apiKeyId: string | null;
  model: string;
  /** The price snapshot that will settle the call. */
  priceId: string;
  channel?: string;
  /** What the call costs at most: this is held. */
  worstCase: bigint;
  /** The least that must be held: the worst case to reject short funds, 1 to cap the call at what is there. */
  minimum: bigint;
  /** Business time: every window of the call is that of this instant. */
  authorizedAt: Date;
  /** Wall time after which the sweep gives the hold back. */
  expiresAt: Date;
  /** False where the caller keeps in memory what it needs to settle: the hold may then be lost with the database. */
  durable: boolean;
}

export type AuthorizeAnswer =
  | { permitted: true; held: bigint }
  | { permitted: false; code: 'insufficient_funds'; available: bigint }
  | { permitted: false; code: 'request_closed' };

export interface SettleCommand {
  requestId: string;
  organizationId: string;
  apiKeyId: string | null;
  model: string;
  priceId: string;
  channel: string | null;
  /** What the call cost. */
  amount: bigint;
  usage: Usage;
  outcome: Outcome;
  /** As it was authorized. */
  authorizedAt: Date;
  latencyMs: number | null;
  firstTokenMs: number | null;
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
