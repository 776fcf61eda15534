/** Stored payment methods, and the set-ups by which payers store them. */
import type { SavedMethod } from '../provider.ts';
import type { NextStep } from './attempt.ts';
import type { DeclineCode } from './declines.ts';

/** `removing`: gone for us; the provider has yet to hear of it. */
export type MethodStatus = 'active' | 'removing' | 'removed';

export interface PaymentMethod {
  id: string;
  organizationId: string;
  provider: string;
  merchant: string;
  kind: SavedMethod['kind'];
  label: string;
  /** The month after which it is good for nothing, as `2028-04`. */
  expires: string | null;
  isDefault: boolean;
  status: MethodStatus;
  removals: number;
  createdAt: Date;
  /** When its provider last said that it is there. */
  confirmedAt: Date | null;
}

export type SetupStatus = 'pending' | 'stored' | 'failed' | 'canceled';

export interface MethodSetup {
  id: string;
  number: string;
  organizationId: string;
  provider: string;
  merchant: string;
  means: string | null;
  currency: string;
  status: SetupStatus;
  next: NextStep;
  returnUrl: string | null;
  reference: string | null;
  declineCode: DeclineCode | null;
  methodId: string | null;
  queries: number;
  createdAt: Date;
  expiresAt: Date;
}

/** Whether it is past the month up to which it is good; `today` is a day such as `2026-03-31`. */
export function isExpired({ expires }: Pick<PaymentMethod, 'expires'>, today: string): boolean {
  return expires !== null && expires < today.slice(0, 7);
}

/** What a set-up becomes when asking found no method. Past its term silence ends it: no money waits for it. */
export function setupAfterQuery(
  { expiresAt }: Pick<MethodSetup, 'expiresAt'>,
  outcome: 'pending' | 'absent' | 'unknown' | 'declined',
  now: Date,
): SetupStatus {
  if (outcome === 'declined') return 'failed';
  return expiresAt <= now ? 'canceled' : 'pending';
}
