/** Funds in the contract's words. */
import type { Wallet } from '@sluice/contract/ledger';
import type { z } from 'zod';
import { formatMoney } from '../../../platform/money.ts';

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
    expires_at: Date | null;
  }[];
}

/** Shows no grant that has expired by `now`. */
export function presentWallet(wallet: WalletState, now: Date): z.output<typeof Wallet> {
  const wire = (amount: bigint) => formatMoney({ amount, currency: wallet.currency });
  return {
    balance: wire(wallet.available + wallet.held),
    held: wire(wallet.held),
    available: wire(wallet.available),
    owed: wire(wallet.owed),
    currency: wallet.currency,
    grants: wallet.grants
      .filter(({ expires_at }) => expires_at === null || expires_at > now)
      .map(({ id, available, priority, expires_at }) => ({
        id,
        available: wire(available),
        priority,
        expires_at: expires_at?.toISOString() ?? null,
      })),
  };
}
