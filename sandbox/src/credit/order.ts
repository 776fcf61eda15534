/** An order at the provider, from submission to refund, with every notification that it owes. */
import type { Steering } from './steering.ts';

export type OrderStatus = 'pending' | 'declined' | 'paid' | 'refunded';

/** What a payer does on the pay page; an abandoned order stays open. */
export type Outcome = 'paid' | 'declined' | 'abandoned';

export interface CreditOrder {
  /** The merchant's number, unique per merchant. */
  id: string;
  /** The unguessable name of the order's pay page. */
  order_no: string;
  trade_no: string;
  name: string;
  /** Always with two decimals. */
  money: string;
  device: string;
  notify_url: string;
  return_url: string;
  status: OrderStatus;
  created_at: string;
  paid_at: string | null;
  refunded_at: string | null;
  notifies: Notify[];
}

/** One notification: what it says is decided when the order is paid, so that a later change cannot rewrite it. */
export interface Notify {
  id: string;
  method: 'GET' | 'POST';
  fields: Record<string, string>;
  status: 'waiting' | 'accepted' | 'given_up';
  due_at: string;
  attempts: number;
  last_answer: string | null;
}

/** A declined order can still be paid, as a payer may try again; this is how late money comes about. */
export function canBePaid(order: CreditOrder): boolean {
  return order.status === 'pending' || order.status === 'declined';
}

/** What the steering endpoint and the list of orders show. */
export function describeOrder(order: CreditOrder, steering: Steering | undefined) {
  const { id, ...rest } = order;
  return { out_trade_no: id, ...rest, steering: steering ?? {} };
}
