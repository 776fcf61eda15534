/** Funds in the contract's words. */
import type { Grant as GrantAnswer, Wallet } from '@sluice/contract/ledger';
import type { z } from 'zod';
import { formatMoney } from '../../../platform/money.ts';
import type { GrantTerms } from './grant-periods.ts';

/** Funds as they stand, in nano-units of the usage currency. */
export interface WalletState {
  currency: string;
  available: bigint;
  held: bigint;
  /** Shortfall of earlier calls. */
  owed: bigint;
  grants: readonly {
    id: string;
    available: bigint;
    priority: number;
    /** Null where it has always been open. */
    opens_at: Date | null;
    expires_at: Date | null;
  }[];
}

/** Shows the grants that may be spent now. */
export function presentWallet(wallet: WalletState, now: Date): z.output<typeof Wallet> {
  const wire = (amount: bigint) => formatMoney({ amount, currency: wallet.currency });
  return {
    balance: wire(wallet.available + wallet.held),
    held: wire(wallet.held),
    available: wire(wallet.available),
    owed: wire(wallet.owed),
    currency: wallet.currency,
    grants: wallet.grants
      .filter(({ opens_at }) => opens_at === null || opens_at <= now)
      .filter(({ expires_at }) => expires_at === null || expires_at > now)
      .map(({ id, available, priority, expires_at }) => ({
        id,
        available: wire(available),
        priority,
        expires_at: expires_at?.toISOString() ?? null,
      })),
  };
}

/** A grant with what is left of it. */
export interface GrantState extends GrantTerms {
  id: string;
  amount: bigint;
  currency: string;
  balance: bigint;
  priority: number;
  note: string | null;
  createdAt: Date;
}

export function presentGrant(grant: GrantState): z.output<typeof GrantAnswer> {
  const { currency, recurrence } = grant;
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  return {
    id: grant.id,
    amount: wire(grant.amount),
    currency,
    balance: wire(grant.balance),
    priority: grant.priority,
    note: grant.note,
    starts_at: grant.startsAt.toISOString(),
    expires_at: grant.endsAt?.toISOString() ?? null,
    recurrence: recurrence && {
      interval: recurrence.interval.unit,
      interval_count: recurrence.interval.count,
      rollover_max: wire(recurrence.rolloverMax),
    },
    created_at: grant.createdAt.toISOString(),
  };
}
