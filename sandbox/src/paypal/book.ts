/** What the vendor keeps: orders with their capture and refunds, accounts in its vault, disputes, webhooks. */
import { join } from 'node:path';
import { Journal } from '../storage/journal.ts';
import type { Amount } from './money.ts';
import type { Steering } from './steering.ts';

export type OrderStatus = 'CREATED' | 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'COMPLETED';

export interface OrderRecord {
  id: string;
  /** What the merchant calls it: its custom id. */
  number: string;
  invoice_id: string | null;
  description: string;
  amount: Amount;
  status: OrderStatus;
  /** Approved on a page, or charged by a token of the vault. */
  by: 'page' | 'token';
  return_url: string;
  cancel_url: string;
  /** For whom the account is kept once the order is paid; null: it is not to be kept. */
  keeps_for: string | null;
  kept: string | null;
  /** What the next capture is refused with. */
  declines: string | null;
  created_at: string;
  updated_at: string;
  capture: CaptureRecord | null;
  refunds: RefundRecord[];
}

export interface CaptureRecord {
  id: string;
  status: 'COMPLETED' | 'PENDING' | 'DECLINED';
  amount: Amount;
  fee: Amount;
  at: string;
}

export interface RefundRecord {
  id: string;
  status: 'COMPLETED' | 'PENDING' | 'FAILED';
  amount: Amount;
  invoice_id: string | null;
  custom_id: string | null;
  note: string | null;
  at: string;
}

export interface TokenRecord {
  id: string;
  customer: string;
  created_at: string;
}

export interface SetupRecord {
  id: string;
  /** The request id under which it was made: the only name that the merchant gave it. */
  number: string;
  customer: string;
  merchant_customer: string | null;
  status: 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'VAULTED';
  return_url: string;
  cancel_url: string;
  created_at: string;
}

export interface DisputeRecord {
  id: string;
  order: string;
  reason: string;
  status: string;
  outcome: string | null;
  amount: Amount;
  /** Money that moved between vendor and merchant because of it, oldest first. */
  movements: { id: string; type: 'DEBIT' | 'CREDIT'; at: string }[];
  created_at: string;
  updated_at: string;
  due_at: string;
}

export interface WebhookRecord {
  id: string;
  url: string;
}

export interface SteeringRecord {
  /** The merchant's number, or `*`. */
  id: string;
  steering: Steering;
}

const RECORDS_MAX = 10_000;

export type Book = ReturnType<typeof openBook>;

export function openBook(dataDir: string | undefined) {
  const open = <T extends { id: string }>(name: string) =>
    new Journal<T>({
      path: dataDir === undefined ? undefined : join(dataDir, `paypal-${name}.jsonl`),
      recordsMax: RECORDS_MAX,
    });
  const orders = open<OrderRecord>('orders');
  const setups = open<SetupRecord>('setups');
  const steerings = open<SteeringRecord>('steering');
  const tokens = open<TokenRecord>('tokens');
  const disputes = open<DisputeRecord>('disputes');
  const webhooks = open<WebhookRecord>('webhooks');
  const index = indexOrders(orders);
  return {
    tokens,
    disputes,
    webhooks,
    setups,
    order: (id: string) => orders.get(id),
    orders: () => orders.all(),
    /** The one that was paid, or the latest: the vendor may hold several of one number. */
    orderOfNumber(number: string): OrderRecord | undefined {
      const own = index.idsOfNumber(number).flatMap((id) => orders.get(id) ?? []);
      return own.find(({ capture }) => capture !== null) ?? own.at(-1);
    },
    orderOfPart: (id: string) => orders.get(index.orderOfPart(id) ?? ''),
    setupOfNumber: (number: string) => setups.all().find((setup) => setup.number === number),
    save(order: OrderRecord): void {
      orders.put(order);
      index.add(order);
    },
    steer: (id: string, steering: Steering) => steerings.put({ id, steering }),
    steeringOf: (number: string): Steering =>
      (steerings.get(number) ?? steerings.get('*'))?.steering ?? {},
    close(): void {
      for (const journal of [orders, setups, steerings, tokens, disputes, webhooks]) {
        journal.close();
      }
    },
  };
}

/** Finds orders by number, and by the ids of their captures and refunds. */
function indexOrders(orders: Journal<OrderRecord>) {
  const byNumber = new Map<string, string[]>();
  const byPart = new Map<string, string>();
  const add = ({ id, number, capture, refunds }: OrderRecord) => {
    const ids = byNumber.get(number) ?? [];
    if (!ids.includes(id)) byNumber.set(number, [...ids, id]);
    for (const part of [capture, ...refunds]) if (part) byPart.set(part.id, id);
  };
  for (const order of orders.all()) add(order);
  return {
    add,
    idsOfNumber: (number: string) => byNumber.get(number) ?? [],
    orderOfPart: (part: string) => byPart.get(part),
  };
}
