/** Reads the answer of `api.php?act=order`. Only an answer that fits the order we asked for says anything. */
import { z } from 'zod';
import type { OutsideAnswer } from '../../outside.ts';
import type { FindOutcome } from '../../provider.ts';
import { readMoney } from './money.ts';

const Text = z.union([z.string().max(200), z.number().int()]).transform(String);
const OrderAnswer = z.object({
  code: Text,
  pid: Text.optional(),
  trade_no: Text.optional(),
  out_trade_no: Text.optional(),
  money: Text.optional(),
  status: Text.optional(),
});

export function readOrderAnswer(
  answer: OutsideAnswer | undefined,
  expected: { number: string; merchant: string; currency: string },
): FindOutcome {
  const order = answer && parseAnswer(answer.text);
  if (!answer || !order) return { status: 'unknown' };
  // Any other status, such as 401 for a wrong key, is not about the order.
  const isAnswered = answer.status === 200 || answer.status === 404;
  if (order.code === '-1' && isAnswered) return { status: 'absent' };
  if (answer.status !== 200 || order.code !== '1') return { status: 'unknown' };
  if (order.out_trade_no !== expected.number || order.pid !== expected.merchant) {
    return { status: 'unknown' };
  }
  // Refunded and disputed orders read 0 like unpaid ones.
  if (order.status === '0') return { status: 'pending' };
  const amount = readMoney(order.money ?? '', expected.currency);
  if (order.status !== '1' || !order.trade_no || !amount) return { status: 'unknown' };
  return {
    status: 'succeeded',
    money: {
      number: expected.number,
      merchant: expected.merchant,
      providerTransaction: order.trade_no,
      amount,
    },
  };
}

function parseAnswer(text: string): z.output<typeof OrderAnswer> | undefined {
  try {
    return OrderAnswer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
