/** A trade at Alipay, from its order to its last refund. */
import { formatFen, parseFen } from './money.ts';

/** `registered`: ordered, but its payer has not come yet. To the merchant such a trade does not exist. */
export type TradeStatus = 'registered' | 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED';

/** What a payer does; after anything but `paid` they may try again. */
export type Outcome = 'paid' | 'declined' | 'abandoned';

export interface Trade {
  /** The merchant's number, unique per merchant. */
  id: string;
  /** The unguessable name of its pay page. */
  page: string;
  trade_no: string;
  product: 'page' | 'mobile' | 'qr' | 'agreement';
  subject: string;
  /** Yuan with two decimals. */
  total_amount: string;
  status: TradeStatus;
  notify_url: string;
  return_url: string;
  expires_at: string | null;
  created_at: string;
  paid_at: string | null;
  closed_at: string | null;
  isDeclined: boolean;
  /** The agreement by which it is charged, or which its payer is asked to sign while paying. */
  agreement: string | null;
  refunds: Refund[];
}

export interface Refund {
  request: string;
  /** Yuan with two decimals. */
  amount: string;
  reason: string;
  status: 'done' | 'pending';
  at: string;
  /** Whether the merchant asked for it, or somebody made it in Alipay's console. */
  madeBy: 'merchant' | 'console';
}

export function canBePaid({ status }: Trade): boolean {
  return status === 'registered' || status === 'WAIT_BUYER_PAY';
}

/** Fen that are refunded, or under way. */
export function refundedFen({ refunds }: Trade): bigint {
  return refunds.reduce((sum, { amount }) => sum + fenOf(amount), 0n);
}

export function leftFen(trade: Trade): bigint {
  return fenOf(trade.total_amount) - refundedFen(trade);
}

/** Fen of an amount that was checked when it came. */
export function fenOf(amount: string): bigint {
  return parseFen(amount) ?? 0n;
}

/** 0.6 %, rounded half up: what Alipay keeps. */
export function feeOf(fen: bigint): bigint {
  return (fen * 6n + 500n) / 1_000n;
}

export function yuan(fen: bigint): string {
  return formatFen(fen);
}
