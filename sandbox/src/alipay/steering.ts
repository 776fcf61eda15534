/** How a test bends one order, or every order that has no bend of its own: read from JSON, refused by field name. */
import { RequestError } from '../http/exchange.ts';
import {
  type FieldCheck,
  integer,
  isBoolean,
  isString,
  oneOf,
  readSteeringFields,
} from '../steering/fields.ts';
import type { Outcome } from './trade.ts';

export interface Steering {
  /** `none`: the money moves and nobody says so. */
  notify?: 'normal' | 'none';
  /** `sha1`: well signed in the old way, and saying so; `unknown_type`: it names a kind that does not exist. */
  sign?: 'good' | 'bad' | 'missing' | 'sha1' | 'unknown_type';
  times?: number;
  concurrency?: number;
  delay_ms?: number;
  /** Older news is sent once more, after the newer. */
  reorder?: boolean;
  /** What notifications claim was paid, well signed, in fen. */
  amount?: string;
  /** What the payer really pays instead of the order's amount, in fen. */
  paid?: string;
  answers?: 'normal' | 'down' | 'lost';
  /** `normal`, `processing`, or `decline:<sub_code>`. */
  charge?: string;
  refund?: 'normal' | 'pending' | 'refuse' | 'lost';
  /** What notifications claim instead of the truth, well signed, as it is written here. */
  app_id?: string;
  seller_id?: string;
  total_amount?: string;
  trade_status?: string;
}

const timesMax = 100;
const delayMsMax = 86_400_000;

const fields: Record<keyof Steering, FieldCheck> = {
  notify: oneOf('normal', 'none'),
  sign: oneOf('good', 'bad', 'missing', 'sha1', 'unknown_type'),
  times: integer(1, timesMax),
  concurrency: integer(1, timesMax),
  delay_ms: integer(0, delayMsMax),
  reorder: isBoolean,
  amount: isFen,
  paid: isFen,
  answers: oneOf('normal', 'down', 'lost'),
  charge: (value) =>
    typeof value === 'string' && /^(normal|processing|decline:[\w.-]{1,64})$/.test(value),
  refund: oneOf('normal', 'pending', 'refuse', 'lost'),
  app_id: isString,
  seller_id: isString,
  total_amount: isString,
  trade_status: isString,
};

function isFen(value: unknown): boolean {
  return typeof value === 'string' && /^[1-9]\d{0,10}$/.test(value);
}

export function readSteering(input: Record<string, unknown>): Steering {
  return readSteeringFields<Steering>(input, fields);
}

export function readOutcome(value: unknown): Outcome | undefined {
  if (value === undefined) return undefined;
  if (value === 'paid' || value === 'declined' || value === 'abandoned') return value;
  throw new RequestError(400, 'The outcome is paid, declined or abandoned.');
}
