/** Disputes: a buyer complains, the vendor takes the money back or leaves it, and tells of each step. */
import { type Endpoint, notThere } from './api.ts';
import type { DisputeRecord, OrderRecord } from './book.ts';
import { drawId } from './credentials.ts';
import type { Desk } from './desk.ts';
import { type Amount, unitsOf } from './money.ts';
import { merchant } from './present.ts';

export function disputeEndpoints(desk: Desk): Endpoint[] {
  const { book } = desk;
  const orderOf = (id = '') => book.order(book.disputes.get(id)?.order ?? '');
  return [
    {
      method: 'GET',
      path: '/v1/customer/disputes',
      handle({ query }) {
        const of = query.get('disputed_transaction_id');
        const found = book.disputes
          .all()
          .filter(({ order }) => of === null || book.order(order)?.capture?.id === of);
        const body = { items: found.map((dispute) => presentDispute(desk, dispute)), links: [] };
        return { status: 200, body };
      },
    },
    {
      method: 'GET',
      path: '/v1/customer/disputes/{id}',
      about: ({ params }) => orderOf(params.id)?.number,
      handle({ params }) {
        const dispute = book.disputes.get(params.id ?? '');
        return dispute ? { status: 200, body: presentDispute(desk, dispute) } : notThere;
      },
    },
  ];
}

export interface DisputeStep {
  reason?: string;
  status?: string;
  outcome?: string;
  amount?: Amount;
}

export const DISPUTE_STATUSES = [
  'OPEN',
  'WAITING_FOR_BUYER_RESPONSE',
  'WAITING_FOR_SELLER_RESPONSE',
  'UNDER_REVIEW',
  'RESOLVED',
  'OTHER',
];
export const DISPUTE_OUTCOMES = [
  'RESOLVED_BUYER_FAVOUR',
  'RESOLVED_SELLER_FAVOUR',
  'RESOLVED_WITH_PAYOUT',
  'CANCELED_BY_BUYER',
  'ACCEPTED',
  'DENIED',
  'NONE',
];
const RESPONSE_DAYS = 10;

/** The order's dispute takes a step; the first one opens it. Undefined where nothing was paid. */
export function disputeOrder(
  desk: Desk,
  order: OrderRecord,
  step: DisputeStep,
): DisputeRecord | undefined {
  const { book, clock, notifier } = desk;
  const { capture } = order;
  if (capture?.status !== 'COMPLETED') return undefined;
  const now = clock.now();
  const open = book.disputes.all().find((dispute) => dispute.order === order.id);
  const before = open ?? openDispute(order, { amount: step.amount ?? capture.amount, now });
  const status = step.status ?? (open ? open.status : 'WAITING_FOR_SELLER_RESPONSE');
  const outcome = status === 'RESOLVED' ? (step.outcome ?? 'RESOLVED_BUYER_FAVOUR') : null;
  const dispute: DisputeRecord = {
    ...before,
    ...{ status, outcome, reason: step.reason ?? before.reason },
    movements: moved(before, { status, outcome, at: now.toISOString() }),
    updated_at: now.toISOString(),
  };
  book.disputes.put(dispute);
  const kind = open ? (status === 'RESOLVED' ? 'RESOLVED' : 'UPDATED') : 'CREATED';
  notifier.tell(order.number, {
    event_type: `CUSTOMER.DISPUTE.${kind}`,
    resource_type: 'dispute',
    summary: `A dispute was ${kind.toLowerCase()} on a transaction`,
    resource: presentDispute(desk, dispute),
  });
  return dispute;
}

function openDispute(
  order: OrderRecord,
  { amount, now }: { amount: Amount; now: Date },
): DisputeRecord {
  const dueAt = new Date(now.getTime() + RESPONSE_DAYS * 86_400_000);
  return {
    id: `PP-R-${drawId(3)}-${drawId(9)}`,
    order: order.id,
    reason: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
    status: 'OPEN',
    outcome: null,
    amount,
    movements: [],
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
    due_at: dueAt.toISOString(),
  };
}

/** The money goes when the buyer wins, and comes back when that is turned. */
function moved(
  { movements }: DisputeRecord,
  { status, outcome, at }: { status: string; outcome: string | null; at: string },
): DisputeRecord['movements'] {
  const isTaken = movements.at(-1)?.type === 'DEBIT';
  const isLost = outcome === 'RESOLVED_BUYER_FAVOUR' || outcome === 'ACCEPTED';
  if (isLost && !isTaken) return [...movements, { id: drawId(), type: 'DEBIT', at }];
  const isWon = status === 'RESOLVED' && !isLost;
  return isWon && isTaken ? [...movements, { id: drawId(), type: 'CREDIT', at }] : movements;
}

export function presentDispute({ book, urls }: Desk, dispute: DisputeRecord) {
  const order = book.order(dispute.order);
  const isOpen = dispute.status !== 'RESOLVED';
  return {
    dispute_id: dispute.id,
    create_time: dispute.created_at,
    update_time: dispute.updated_at,
    disputed_transactions: [
      {
        seller_transaction_id: order?.capture?.id,
        create_time: order?.capture?.at,
        transaction_status: 'COMPLETED',
        gross_amount: order?.capture?.amount,
        invoice_number: order?.invoice_id ?? undefined,
        custom: order?.number,
        seller: { merchant_id: merchant.merchant_id, email: merchant.email_address },
      },
    ],
    reason: dispute.reason,
    status: dispute.status,
    dispute_amount: dispute.amount,
    dispute_life_cycle_stage: 'CHARGEBACK',
    dispute_channel: 'INTERNAL',
    ...(dispute.outcome === null ? {} : { dispute_outcome: { outcome_code: dispute.outcome } }),
    ...(dispute.movements.length === 0
      ? {}
      : {
          money_movements: dispute.movements.map(({ type, at }) => ({
            affected_party: 'SELLER',
            amount: dispute.amount,
            initiated_time: at,
            type,
            reason: 'DISPUTE_SETTLEMENT',
          })),
        }),
    ...(isOpen ? { seller_response_due_date: dispute.due_at } : {}),
    links: [{ href: `${urls.api}/v1/customer/disputes/${dispute.id}`, rel: 'self', method: 'GET' }],
  };
}

/** In the smallest unit, as it changed the merchant's balance. */
export function signedUnits(amount: Amount, type: 'DEBIT' | 'CREDIT'): bigint {
  return type === 'DEBIT' ? -unitsOf(amount) : unitsOf(amount);
}
