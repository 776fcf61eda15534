/** The ledger's door. */
export type { Account, BucketAccount } from './core/account.ts';
export type { Posting } from './core/posting.ts';
export { presentWallet, type WalletState } from './core/present.ts';
export { ledgerListeners } from './events.ts';
export { registerLedger } from './http.ts';
export { ledgerJobs } from './jobs.ts';
export { listClearingMovements } from './movements-store.ts';
export { chargeFunds } from './operations/charge-funds.ts';
export { ensureTransferPartitions } from './operations/ensure-transfer-partitions.ts';
export { keepSums } from './operations/keep-sums.ts';
export { changeLowBalance, readLowBalance } from './operations/low-balance.ts';
export { type NewAllowance, openAllowances } from './operations/open-allowances.ts';
export { openFunds } from './operations/open-funds.ts';
export { type NewGrant, openGrant } from './operations/open-grant.ts';
export { ledgerPersonalData } from './operations/personal-data.ts';
export { postTransfers } from './operations/post-transfers.ts';
export { readWallet } from './operations/read-wallet.ts';
export { takeBackGrant } from './operations/take-back-grant.ts';
export { type TakeFromWallet, takeFromWallet } from './operations/take-from-wallet.ts';
export { turnGrants } from './operations/turn-grants.ts';
export {
  type AllowanceRow,
  listAllowances,
  lockFunds,
  updateWindows,
} from './store.ts';
export {
  type AccountMoves,
  listShortfalls,
  revenueOfCustomers,
  sumBalanceOf,
  sumMoves,
} from './sums-store.ts';
export { findWalletsBelow } from './wallets-store.ts';
export {
  type DrainedAllowance,
  findDrainedAllowances,
  markAllowanceTold,
} from './watched-store.ts';
