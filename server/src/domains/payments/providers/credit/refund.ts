/**
 * Refunds of `api.php`: whole payments only, under no number of their own. A repeat is answered like an order that nobody
 * made, so whatever is no plain yes is looked up: an order that was paid and reads unpaid again has been given back. (It
 * reads the same while the gateway's arbiters hold its money in a dispute; then, too, it has left us.)
 */
import { z } from 'zod';
import type { Outside } from '../../outside.ts';
import type { FindOutcome, RefundOrder, RefundOutcome } from '../../provider.ts';
import { writeMoney } from './money.ts';
import type { CreditSettings } from './settings.ts';

type Find = (number: string) => Promise<FindOutcome>;

export async function refund(
  settings: CreditSettings,
  outside: Outside,
  { order, find }: { order: RefundOrder; find: Find },
): Promise<RefundOutcome> {
  const { payment, amount } = order;
  const isWhole =
    amount.minor === payment.charged.minor && amount.currency === payment.charged.currency;
  if (!isWhole || payment.number === null) {
    return { status: 'failed', reason: 'Credit gives back only whole payments.' };
  }
  const url = new URL(settings.queryUrl);
  url.search = 'act=refund';
  const answer = await outside.send({
    method: 'POST',
    url: url.href,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      pid: settings.pid,
      key: settings.key,
      trade_no: payment.providerTransaction,
      money: writeMoney(amount),
      out_trade_no: payment.number,
    }).toString(),
  });
  const code = answer && readCode(answer.text);
  if (answer?.status === 200 && code === '1') {
    return { status: 'succeeded', reference: payment.providerTransaction };
  }
  const found = await findRefund(order, find);
  if (found.status !== 'absent') return found;
  // Only a no that was heard is one: what was sent without an answer may be done yet.
  const isRefused = code === '-1' && [200, 400, 404].includes(answer?.status ?? 0);
  return isRefused
    ? { status: 'failed', reason: 'The gateway refused the refund.' }
    : { status: 'unknown' };
}

export async function findRefund(
  { payment }: RefundOrder,
  find: Find,
): Promise<RefundOutcome | { status: 'absent' }> {
  if (payment.number === null) return { status: 'unknown' };
  const found = await find(payment.number);
  if (found.status === 'succeeded') return { status: 'absent' };
  return found.status === 'pending'
    ? { status: 'succeeded', reference: payment.providerTransaction }
    : { status: 'unknown' };
}

const Answer = z.object({
  code: z.union([z.string().max(20), z.number().int()]).transform(String),
});

function readCode(text: string): string | undefined {
  try {
    return Answer.safeParse(JSON.parse(text)).data?.code;
  } catch {
    return undefined;
  }
}
