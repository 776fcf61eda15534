/** What a notification says, and how it is sent once. Repeating is the notifier's business. */
import { randomBytes } from 'node:crypto';
import type { CreditOrder, Notify } from './order.ts';
import { type Fields, sign } from './signature.ts';
import type { Steering } from './steering.ts';
import type { Merchant } from './submission.ts';

const ANSWER_TIMEOUT_MS = 30_000;
const ANSWER_LENGTH_MAX = 200;

/** The notifications that one payment makes, as its steering wants them; usually one. */
export function composeNotifies(
  order: CreditOrder,
  steering: Steering,
  payment: { merchant: Merchant; now: Date },
): Notify[] {
  const method = steering.notify ?? 'GET';
  if (method === 'none' || order.notify_url === '') return [];
  const fields = composeFields(order, steering, payment.merchant);
  const dueAt = new Date(payment.now.getTime() + (steering.delay_ms ?? 0)).toISOString();
  return Array.from({ length: steering.times ?? 1 }, () => ({
    id: randomBytes(8).toString('hex'),
    method,
    fields,
    status: 'waiting' as const,
    due_at: dueAt,
    attempts: 0,
    last_answer: null,
  }));
}

/** There is no `sign_type` among them: the provider does not send one. */
function composeFields(order: CreditOrder, steering: Steering, merchant: Merchant): Fields {
  const fields: Fields = {
    pid: steering.pid ?? merchant.pid,
    trade_no: order.trade_no,
    out_trade_no: order.id,
    type: 'epay',
    name: order.name,
    money: steering.money ?? order.money,
    trade_status: steering.trade_status ?? 'TRADE_SUCCESS',
  };
  if (steering.sign === 'missing') return fields;
  const good = sign(fields, steering.sign === 'empty_key' ? '' : merchant.key);
  return { ...fields, sign: steering.sign === 'bad' ? spoil(good) : good };
}

/** Another first digit: still 32 hexadecimal digits, never the right ones. */
function spoil(signature: string): string {
  return (signature.startsWith('0') ? '1' : '0') + signature.slice(1);
}

export interface NotifyAnswer {
  accepted: boolean;
  /** What came back, shortened, for whoever looks at the order. */
  text: string;
}

/** Accepted is status 200 and the word `success`, in whatever case and white space. */
export async function sendNotify(
  url: string,
  notify: Notify,
  signal: AbortSignal,
): Promise<NotifyAnswer> {
  const encoded = new URLSearchParams(notify.fields).toString();
  const isGet = notify.method === 'GET';
  try {
    const answer = await fetch(isGet ? `${url}${url.includes('?') ? '&' : '?'}${encoded}` : url, {
      method: notify.method,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      headers: {
        'user-agent': 'LinuxDo-Credit/1.0',
        ...(isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(isGet ? {} : { body: encoded }),
    });
    const body = await answer.text();
    return {
      accepted: answer.status === 200 && body.trim().toLowerCase() === 'success',
      text: `${answer.status} ${body.slice(0, ANSWER_LENGTH_MAX)}`.trim(),
    };
  } catch (error) {
    return { accepted: false, text: `no answer: ${reasonOf(error)}` };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
