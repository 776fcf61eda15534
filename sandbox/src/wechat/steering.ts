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
  /** `none`: the money moves and nobody says so. */
  notify?: 'normal' | 'none';
  /**
   * How news is signed and sealed. `probe`: as the platform tests whether anybody looks; `stale`: ten minutes old;
   * `unknown_serial`: by a key nobody was told of; `altered`: changed after it was signed; `flipped`: a bit of the
   * sealed text turned, and signed well; `other_key`: sealed with another APIv3 key, and signed well.
   */
  sign?:
    | 'good'
    | 'bad'
    | 'missing'
    | 'probe'
    | 'stale'
    | 'unknown_serial'
    | 'altered'
    | 'flipped'
    | 'other_key';
  /** By which name of the platform's key. */
  signed_by?: 'public_key' | 'certificate';
  /** How many notifications one payment makes, all of the same bytes. */
  times?: number;
  /** How many of them are under way at once. */
  concurrency?: number;
  /** What passes between a payment or refund and its news. */
  delay_ms?: number;
  /** Older news comes once more behind the newer. */
  reorder?: boolean;
  /** What the news claims instead of the truth, well signed; the amount in fen. */
  amount?: string;
  currency?: string;
  mchid?: string;
  appid?: string;
  trade_state?: string;
  event_type?: string;
  /** Fen that the platform gives the payer as a coupon: `payer_total` is less than `total`. */
  coupon?: string;
  /** How calls of the API are answered: as they should, with 500, or done and the connection cut. */
  answers?: 'normal' | 'down' | 'lost';
  /** How answers of the API are signed. */
  answer_sign?: 'good' | 'bad' | 'missing';
  /** How a refund goes: as it should, never finished, refused, or made without an answer ever arriving. */
  refund?: 'normal' | 'pending' | 'refuse' | 'lost';
}

const timesMax = 100;
const delayMsMax = 86_400_000;
const isFen: FieldCheck = (value) => typeof value === 'string' && value.length <= 40;

const checks: Record<keyof Steering, FieldCheck> = {
  notify: oneOf('normal', 'none'),
  sign: oneOf(
    ...['good', 'bad', 'missing', 'probe', 'stale'],
    ...['unknown_serial', 'altered', 'flipped', 'other_key'],
  ),
  signed_by: oneOf('public_key', 'certificate'),
  times: integer(1, timesMax),
  concurrency: integer(1, timesMax),
  delay_ms: integer(0, delayMsMax),
  reorder: isBoolean,
  amount: isFen,
  currency: isString,
  mchid: isString,
  appid: isString,
  trade_state: isString,
  event_type: isString,
  coupon: (value) => typeof value === 'string' && /^\d{1,10}$/.test(value),
  answers: oneOf('normal', 'down', 'lost'),
  answer_sign: oneOf('good', 'bad', 'missing'),
  refund: oneOf('normal', 'pending', 'refuse', 'lost'),
};

export function readSteering(input: Record<string, unknown>): Steering {
  return readSteeringFields<Steering>(input, checks);
}

export function readOutcome(value: unknown): Outcome | undefined {
  if (value === undefined) return undefined;
  if (value === 'paid' || value === 'declined' || value === 'abandoned') return value;
  throw new RequestError(400, 'The outcome is paid, declined or abandoned.');
}
