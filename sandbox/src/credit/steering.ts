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
import type { Outcome } from './order.ts';

export interface Steering {
  /** How notifications travel; `none` sends nothing at all. The provider itself uses GET. */
  notify?: 'GET' | 'POST' | 'none';
  /** Whether they are signed well. `empty_key` is what somebody can compute who knows no key. */
  sign?: 'good' | 'bad' | 'missing' | 'empty_key';
  /** How many notifications one payment makes. */
  times?: number;
  /** How many of them are under way at once. */
  concurrency?: number;
  /** What passes between payment and notification. */
  delay_ms?: number;
  /** The amount that the notification claims, signed like the true one. */
  money?: string;
  /** The merchant that the notification claims to be for. */
  pid?: string;
  trade_status?: string;
  /** How a refund is answered: as it should be, refused, or done without an answer ever arriving. */
  refund?: 'normal' | 'refuse' | 'lost';
  /** How a query is answered: with the truth, with an error of the server, or as if nothing had been paid. */
  query?: 'normal' | 'down' | 'unpaid';
  /** The payer is sent on only when the notifications have had their first answer. */
  before_redirect?: boolean;
  /** The order is paid, and notified, before the submission is answered. */
  pay_at_submit?: boolean;
}

const TIMES_MAX = 100;
const CONCURRENCY_MAX = 100;
const DELAY_MS_MAX = 86_400_000;

const fields: Record<keyof Steering, FieldCheck> = {
  notify: oneOf('GET', 'POST', 'none'),
  sign: oneOf('good', 'bad', 'missing', 'empty_key'),
  times: integer(1, TIMES_MAX),
  concurrency: integer(1, CONCURRENCY_MAX),
  delay_ms: integer(0, DELAY_MS_MAX),
  money: isString,
  pid: isString,
  trade_status: isString,
  refund: oneOf('normal', 'refuse', 'lost'),
  query: oneOf('normal', 'down', 'unpaid'),
  before_redirect: isBoolean,
  pay_at_submit: isBoolean,
};

export function readSteering(input: Record<string, unknown>): Steering {
  return readSteeringFields<Steering>(input, fields);
}

export function readOutcome(value: unknown): Outcome | undefined {
  if (value === undefined) return undefined;
  if (value === 'paid' || value === 'declined' || value === 'abandoned') return value;
  throw new RequestError(400, 'The outcome is paid, declined or abandoned.');
}
