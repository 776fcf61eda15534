/**
 * Disputes, as PayPal tells of them.
 * https://developer.paypal.com/docs/api/customer-disputes/v1/
 */
import { z } from 'zod';
import type { DisputeNews, DisputeOutcome } from '../../provider.ts';
import type { Paypal } from './client.ts';
import { readAmount } from './money.ts';
import { Amount } from './order.ts';
import { isAbsent } from './pay.ts';

const Reference = z.string().regex(/^[\w-]{1,64}$/);

const Movement = z.object({
  affected_party: z.string().optional(),
  type: z.string().optional(),
  amount: Amount.optional(),
});

const Dispute = z.object({
  dispute_id: Reference,
  status: z.string(),
  reason: z.string().optional(),
  dispute_amount: Amount,
  disputed_transactions: z
    .array(
      z.object({
        seller_transaction_id: z.string().optional(),
        invoice_number: z.string().optional(),
        custom: z.string().optional(),
      }),
    )
    .optional(),
  dispute_outcome: z.object({ outcome_code: z.string().optional() }).optional(),
  money_movements: z.array(Movement).optional(),
  seller_response_due_date: z.iso.datetime({ offset: true }).optional(),
});

type Dispute = z.output<typeof Dispute>;

/** A dispute as PayPal has it now; undefined where it does not say. */
export async function readDispute(
  paypal: Paypal,
  reference: string,
): Promise<Dispute | 'absent' | undefined> {
  const path = `/v1/customer/disputes/${encodeURIComponent(reference)}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  if (answer && isAbsent(answer)) return 'absent';
  const dispute = answer?.status === 200 ? Dispute.safeParse(answer.json).data : undefined;
  return dispute?.dispute_id === reference ? dispute : undefined;
}

export async function findDispute(paypal: Paypal, reference: string): Promise<DisputeOutcome> {
  const found = await readDispute(paypal, reference);
  if (found === 'absent') return { status: 'absent' };
  const dispute = found && disputeNews(found);
  return dispute ? { status: 'found', dispute } : { status: 'unknown' };
}

const DisputeList = z.object({ items: z.array(z.object({ dispute_id: Reference })).optional() });

/** What the disputes over a payment are called; undefined where PayPal does not say. */
export async function listDisputesOf(
  paypal: Paypal,
  captureId: string,
): Promise<string[] | undefined> {
  const query = new URLSearchParams({ disputed_transaction_id: captureId });
  const path = `/v1/customer/disputes?${query}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  const listed = answer?.status === 200 ? DisputeList.safeParse(answer.json).data : undefined;
  return listed && (listed.items ?? []).map(({ dispute_id }) => dispute_id);
}

export function disputeNews(resource: unknown): DisputeNews | undefined {
  const { data: dispute } = Dispute.safeParse(resource);
  const amount = dispute && readAmount(dispute.dispute_amount);
  if (!dispute || !amount) return undefined;
  const [transaction] = dispute.disputed_transactions ?? [];
  const status = statusOf(dispute);
  const due = dispute.seller_response_due_date;
  return {
    reference: dispute.dispute_id,
    payment: {
      number: transaction?.custom ?? transaction?.invoice_number ?? null,
      providerTransaction: transaction?.seller_transaction_id ?? null,
    },
    amount,
    status,
    reason: (dispute.reason ?? 'OTHER').toLowerCase(),
    respondBy: due === undefined ? null : new Date(due),
    isWithdrawn: isWithdrawn(dispute, status),
  };
}

function statusOf({ status, dispute_outcome }: Dispute): DisputeNews['status'] {
  if (status === 'OPEN' || status === 'WAITING_FOR_SELLER_RESPONSE') return 'needs_response';
  if (status !== 'RESOLVED') return 'under_review';
  const code = dispute_outcome?.outcome_code;
  // Accepted is what the seller did with the claim. With a payout PayPal pays the buyer out of its own pocket.
  return code === 'RESOLVED_BUYER_FAVOUR' || code === 'ACCEPTED' ? 'lost' : 'won';
}

/** By what moved, where PayPal says so; else what is lost is gone. */
function isWithdrawn({ money_movements }: Dispute, status: DisputeNews['status']): boolean {
  const own = money_movements?.filter(({ affected_party }) => affected_party === 'SELLER') ?? [];
  if (own.length === 0) return status === 'lost';
  const taken = own.reduce((sum, { type, amount }) => {
    const minor = (amount && readAmount(amount)?.minor) ?? 0n;
    return type === 'DEBIT' ? sum + minor : sum - minor;
  }, 0n);
  return taken > 0n;
}
