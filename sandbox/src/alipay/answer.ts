/** What the gateway says: an object named after the method, and the sign over the text of that object. */
import type { Account } from './account.ts';
import { signText } from './signature.ts';

export interface Said {
  code: string;
  msg: string;
  sub_code?: string;
  sub_msg?: string;
  [field: string]: unknown;
}

export function success(fields: Record<string, unknown> = {}): Said {
  return { code: '10000', msg: 'Success', ...fields };
}

/** The request was understood, and refused. */
export function refusal(subCode: string, message: string): Said {
  return { code: '40004', msg: 'Business Failed', sub_code: subCode, sub_msg: message };
}

/** The request itself is wrong. */
export function invalid(subCode: string, message: string): Said {
  return { code: '40002', msg: 'Invalid Arguments', sub_code: subCode, sub_msg: message };
}

/** A charge that waits for something. */
export function waiting(fields: Record<string, unknown>): Said {
  return { code: '10003', msg: ' order success pay inprocess', ...fields };
}

/** Slashes are escaped, as Alipay's own are: the sign is over the text, not over what it means. */
export function writeAnswer(method: string, said: Said, account: Account): string {
  const text = JSON.stringify(said).replaceAll('/', '\\/');
  const sign = signText(text, account.privateKey);
  return `{"${method.replaceAll('.', '_')}_response":${text},"sign":"${sign}"}`;
}
