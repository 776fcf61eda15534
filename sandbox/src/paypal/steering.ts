/** How a test bends one order, or every order that has no bend of its own: read from JSON, refused by field name. */
import { RequestError } from '../http/exchange.ts';
import {
  type FieldCheck,
  integer,
  isBoolean,
  oneOf,
  readSteeringFields,
} from '../steering/fields.ts';

export type Outcome = 'paid' | 'declined' | 'abandoned';

export interface Steering {
  notify?: 'normal' | 'none';
  /** `other_webhook`: signed for another webhook. `foreign_certificate`: by a key whose certificate is elsewhere. */
  sign?: 'good' | 'bad' | 'missing' | 'other_webhook' | 'foreign_certificate';
  /** How often each notification is sent, and how many are under way at once. */
  times?: number;
  concurrency?: number;
  delay_ms?: number;
  /** Every other notification comes a second late, so that newer news overtakes it. */
  reorder?: boolean;
  /** What notifications claim was paid, well signed, in the smallest unit that the vendor counts in. */
  amount?: string;
  /** What is really captured instead of the order's amount, in the same unit. */
  captured?: string;
  /** What calls about it are answered: the truth, 500, or nothing at all once they are done. */
  answers?: 'normal' | 'down' | 'lost';
  /** What becomes of a capture of an approved order, and of a charge by a token: `decline:<issue>`, or it hangs. */
  capture?: string;
  charge?: string;
  refund?: 'normal' | 'pending' | 'refuse' | 'lost';
  /** (every order) How many transactions are listed at once: ten thousand, if it is not bent. */
  results_max?: number;
}

export const RESULTS_MAX = 10_000;
const TIMES_MAX = 100;
const DELAY_MS_MAX = 86_400_000;
export const isUnits: FieldCheck = (value) =>
  typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value);
const isResult: FieldCheck = (value) =>
  typeof value === 'string' && /^(normal|processing|decline:[A-Z_]{3,60})$/.test(value);

const fields: Record<keyof Steering, FieldCheck> = {
  notify: oneOf('normal', 'none'),
  sign: oneOf('good', 'bad', 'missing', 'other_webhook', 'foreign_certificate'),
  times: integer(1, TIMES_MAX),
  concurrency: integer(1, TIMES_MAX),
  delay_ms: integer(0, DELAY_MS_MAX),
  reorder: isBoolean,
  amount: isUnits,
  captured: isUnits,
  answers: oneOf('normal', 'down', 'lost'),
  capture: isResult,
  charge: isResult,
  refund: oneOf('normal', 'pending', 'refuse', 'lost'),
  results_max: integer(1, RESULTS_MAX),
};

export function readSteering(input: Record<string, unknown>): Steering {
  return readSteeringFields<Steering>(input, fields);
}

export function readOutcome(value: unknown): Outcome | undefined {
  if (value === undefined) return undefined;
  if (value === 'paid' || value === 'declined' || value === 'abandoned') return value;
  throw new RequestError(400, 'The outcome is paid, declined or abandoned.');
}

/** The issue in `decline:<issue>`. */
export function issueIn(result: string | undefined): string | undefined {
  return result?.startsWith('decline:') ? result.slice('decline:'.length) : undefined;
}
