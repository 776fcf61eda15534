/**
 * Refunds, whole or in part. Our refund number is the platform's `out_refund_no`, under which a repeated call is the
 * same refund. `PROCESSING` is the usual first answer; `ABNORMAL` waits for the merchant to name another account.
 */
import { z } from 'zod';
import { isSameMoney } from '../../core/settlement.ts';
import type { RefundNews, RefundOrder, RefundOutcome } from '../../provider.ts';
import { type Client, refusalOf } from './client.ts';
import { currency, readFen, writeFen } from './money.ts';
import { isAbsent } from './orders.ts';

const reasonBytesMax = 80;

const Status = z.enum(['SUCCESS', 'PROCESSING', 'ABNORMAL', 'CLOSED']);
const RefundAnswer = z.object({
  refund_id: z.string().min(1).max(64),
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  status: Status,
  amount: z.object({ refund: z.unknown(), currency: z.string().optional() }),
});

const statusOf: Readonly<Record<z.output<typeof Status>, RefundNews['status']>> = {
  SUCCESS: 'succeeded',
  PROCESSING: 'pending',
  // The payer's card is gone: the money has left neither for good nor at all until somebody at the merchant acts.
  ABNORMAL: 'pending',
  CLOSED: 'failed',
};

export async function startRefund(client: Client, order: RefundOrder): Promise<RefundOutcome> {
  const answer = await client({
    method: 'POST',
    path: 'v3/refund/domestic/refunds',
    body: {
      out_trade_no: order.payment.number,
      out_refund_no: order.number,
      reason: shorten(order.reason),
      notify_url: order.notifyUrl,
      amount: {
        refund: writeFen(order.amount),
        total: writeFen(order.payment.charged),
        currency,
      },
    },
  });
  const refusal = refusalOf(answer);
  if (answer.kind !== 'answered') return { status: 'unknown' };
  if (refusal === undefined) return readRefund(answer.body, order);
  if (answer.status >= 500 || answer.status === 429) return { status: 'unknown' };
  // A refusal is of this call: an earlier one of the same number, whose answer was lost, may have been taken.
  const found = await findRefund(client, order);
  return found.status === 'absent' ? { status: 'failed', reason: reasonOf(refusal) } : found;
}

export async function findRefund(
  client: Client,
  order: RefundOrder,
): Promise<RefundOutcome | { status: 'absent' }> {
  const answer = await client({
    method: 'GET',
    path: `v3/refund/domestic/refunds/${order.number}`,
  });
  if (isAbsent(answer)) return { status: 'absent' };
  if (answer.kind !== 'answered' || answer.status !== 200) return { status: 'unknown' };
  return readRefund(answer.body, order);
}

function readRefund(body: unknown, order: RefundOrder): RefundOutcome {
  const { data: refund } = RefundAnswer.safeParse(body);
  const amount = readFen(refund?.amount.refund);
  if (!refund || !amount) return { status: 'unknown' };
  const status = statusOf[refund.status];
  const isAsked =
    refund.out_refund_no === order.number &&
    refund.out_trade_no === order.payment.number &&
    isSameMoney(amount, order.amount);
  if (!isAsked) return { status: 'unknown' };
  if (status === 'failed') return { status, reason: 'WeChat Pay closed the refund.' };
  return { status, reference: refund.refund_id };
}

const reasons: Readonly<Record<string, string>> = {
  NOTENOUGH: 'The merchant account holds too little: top it up at WeChat Pay, then refund again.',
  USERACCOUNTABNORMAL: 'The payer has closed their account: refund in another way.',
  MCHNOTEXISTS: 'WeChat Pay does not know the merchant number.',
  SIGNERROR: 'WeChat Pay did not accept our signature.',
};

function reasonOf(refusal: string): string {
  return reasons[refusal] ?? `WeChat Pay refused it: ${refusal || 'no code'}.`;
}

const Decrypted = z.object({
  mchid: z.string(),
  out_trade_no: z.string().min(1).max(64),
  transaction_id: z.string().min(1).max(64),
  out_refund_no: z.string().min(1).max(64),
  refund_id: z.string().min(1).max(64),
  refund_status: Status,
  amount: z.object({ refund: z.unknown() }),
});

const ownNumber = /^[0-9a-z]{24}$/;

/** News of a refund, whoever made it; undefined where it cannot be believed. */
export function readRefundNews(resource: unknown): RefundNews | undefined {
  const { data: news } = Decrypted.safeParse(resource);
  const amount = readFen(news?.amount.refund);
  if (!news || !amount) return undefined;
  return {
    number: ownNumber.test(news.out_refund_no) ? news.out_refund_no : null,
    reference: news.refund_id,
    payment: { number: news.out_trade_no, providerTransaction: news.transaction_id },
    amount,
    status: statusOf[news.refund_status],
  };
}

/** At most 80 bytes, cut between characters. */
function shorten(reason: string): string {
  let text = '';
  for (const character of reason.replace(/\s+/g, ' ').trim()) {
    if (Buffer.byteLength(text + character) > reasonBytesMax) break;
    text += character;
  }
  return text || 'Refund';
}
