/** Reads what Alipay answers about orders and refunds. Only an answer that fits what was asked for says anything. */
import { z } from 'zod';
import type { MinorMoney } from '../../../../platform/money.ts';
import type { CollectedMoney } from '../../core/settlement.ts';
import type { FindOutcome } from '../../provider.ts';
import type { GatewayAnswer } from './gateway.ts';
import { readYuan } from './money.ts';

export const successCode = '10000';
/** Something is missing, wrong or not permitted, or the business is refused; `sub_code` says why. */
const refusedCodes = new Set(['40001', '40002', '40003', '40004', '40006']);
/** A charge that waits for something: the payer, or a bank. */
export const waitingCode = '10003';

/** They name no decision: the same may have been done, or not. */
const undecided = new Set([
  'ACQ.SYSTEM_ERROR',
  'aop.ACQ.SYSTEM_ERROR',
  'AQC.SYSTEM_ERROR',
  'isp.unknow-error',
]);

export type Refusal = { refused: true; subCode: string };

/** Whether Alipay understood the request and certainly did not do it. */
export function refusalIn(answer: GatewayAnswer): Refusal | undefined {
  if (answer.kind !== 'answered' || !refusedCodes.has(answer.code)) return undefined;
  return undecided.has(answer.subCode) ? undefined : { refused: true, subCode: answer.subCode };
}

const Text = z.union([z.string().max(256), z.number()]).transform(String);
const Trade = z.object({
  out_trade_no: Text,
  trade_no: Text.optional(),
  trade_status: Text.optional(),
  total_amount: Text.optional(),
  // New merchants are told the second instead of the first.
  buyer_user_id: Text.optional(),
  buyer_open_id: Text.optional(),
});
export const transactionForm = /^[\w-]{1,64}$/;

interface Expected {
  number: string;
  merchant: string;
}

/** What became of an order, by `alipay.trade.query`. */
export function readTrade(answer: GatewayAnswer, expected: Expected): FindOutcome {
  // The payer has not come there yet, or Alipay has never heard of it.
  if (refusalIn(answer)?.subCode === 'ACQ.TRADE_NOT_EXIST') return { status: 'absent' };
  if (answer.kind !== 'answered' || answer.code !== successCode) return { status: 'unknown' };
  const trade = Trade.safeParse(answer.fields).data;
  if (trade?.out_trade_no !== expected.number) return { status: 'unknown' };
  switch (trade.trade_status) {
    case 'WAIT_BUYER_PAY':
      return { status: 'pending' };
    // Not paid in its term, or paid and given back in whole: no money is ours.
    case 'TRADE_CLOSED':
      return { status: 'declined' };
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED': {
      const money = moneyOf(trade, expected);
      return money ? { status: 'succeeded', money } : { status: 'unknown' };
    }
    default:
      return { status: 'unknown' };
  }
}

/** The money of a charge that `alipay.trade.pay` answered with success. */
export function readPaid(answer: GatewayAnswer, expected: Expected): CollectedMoney | undefined {
  if (answer.kind !== 'answered' || answer.code !== successCode) return undefined;
  const trade = Trade.safeParse(answer.fields).data;
  return trade?.out_trade_no === expected.number ? moneyOf(trade, expected) : undefined;
}

function moneyOf(
  { trade_no = '', total_amount = '', ...buyer }: z.output<typeof Trade>,
  { number, merchant }: Expected,
): CollectedMoney | undefined {
  const amount = readYuan(total_amount);
  if (!amount || !transactionForm.test(trade_no)) return undefined;
  const payer = buyer.buyer_user_id ?? buyer.buyer_open_id;
  return { number, merchant, providerTransaction: trade_no, amount, ...(payer && { payer }) };
}

const RefundRecord = z.object({
  out_trade_no: Text.optional(),
  trade_no: Text.optional(),
  out_request_no: Text.optional(),
  refund_status: Text.optional(),
  refund_amount: Text.optional(),
});

export type RefundFound =
  | { status: 'succeeded'; amount: MinorMoney }
  | { status: 'pending' | 'failed' | 'absent' | 'unknown' };

/** What became of a refund, by `alipay.trade.fastpay.refund.query`. */
export function readRefund(answer: GatewayAnswer, request: string): RefundFound {
  if (refusalIn(answer)?.subCode === 'ACQ.TRADE_NOT_EXIST') return { status: 'absent' };
  if (answer.kind !== 'answered' || answer.code !== successCode) return { status: 'unknown' };
  const refund = RefundRecord.safeParse(answer.fields).data;
  if (!refund) return { status: 'unknown' };
  // It answers success for what it does not know, too, and then says nothing about a refund.
  if (refund.refund_status === undefined && refund.refund_amount === undefined) {
    return { status: 'absent' };
  }
  if (refund.out_request_no !== request) return { status: 'unknown' };
  if (refund.refund_status === 'REFUND_PROCESSING') return { status: 'pending' };
  if (refund.refund_status === 'REFUND_FAIL') return { status: 'failed' };
  const amount = readYuan(refund.refund_amount ?? '');
  const isDone = refund.refund_status === 'REFUND_SUCCESS' && amount !== undefined;
  return isDone ? { status: 'succeeded', amount } : { status: 'unknown' };
}
