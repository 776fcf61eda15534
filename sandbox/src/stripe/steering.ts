/** How a test bends one order, or every order that has no bend of its own: read from JSON, refused by field name. */
import { RequestError } from '../http/exchange.ts';
import {
  type FieldCheck,
  integer,
  isBoolean,
  oneOf,
  readSteeringFields,
} from '../steering/fields.ts';
import { instrumentOf } from './instruments.ts';

/** What the payer, or the bank, does now. `processing`: a debit is given; `returned`: it comes back. */
export type Outcome = 'paid' | 'declined' | 'abandoned' | 'processing' | 'returned';

export interface Steering {
  notify?: 'normal' | 'none';
  /**
   * How events are signed. `empty_key` is what anybody can who knows no secret; `old`: ten minutes ago; `wrong_mode`
   * and `connect` are signed well and claim to be live, or of a connected account.
   */
  sign?: 'good' | 'bad' | 'missing' | 'empty_key' | 'old' | 'wrong_mode' | 'connect';
  /** How often each event is delivered. */
  times?: number;
  /** How many deliveries are under way at once. */
  concurrency?: number;
  delay_ms?: number;
  /** Older news after newer. */
  reorder?: boolean;
  /** What is collected instead of the right amount, in Stripe's units. */
  amount?: string;
  /**
   * How calls of the API are answered: with 500 and not done; done, and the connection cut; or as if an earlier call
   * with the same idempotency key had not ended.
   */
  answers?: 'normal' | 'down' | 'lost' | 'busy';
  /** What comes of a charge without the payer: `decline:<decline code>`. */
  charge?: string;
  refund?: 'normal' | 'pending' | 'refuse' | 'lost';
  /** Whether the search knows of it yet. */
  search?: 'normal' | 'behind';
  /** The card or account with which `paid` is done. */
  instrument?: string;
}

const timesMax = 100;
const delayMsMax = 86_400_000;

const isAmount: FieldCheck = (value) => typeof value === 'string' && /^\d{1,8}$/.test(value);
const isCharge: FieldCheck = (value) =>
  typeof value === 'string' && /^(normal|processing|decline:[a-z_]{1,60})$/.test(value);
const isInstrument: FieldCheck = (value) =>
  typeof value === 'string' && instrumentOf(value) !== undefined;

const fields: Record<keyof Steering, FieldCheck> = {
  notify: oneOf('normal', 'none'),
  sign: oneOf('good', 'bad', 'missing', 'empty_key', 'old', 'wrong_mode', 'connect'),
  times: integer(1, timesMax),
  concurrency: integer(1, timesMax),
  delay_ms: integer(0, delayMsMax),
  reorder: isBoolean,
  amount: isAmount,
  answers: oneOf('normal', 'down', 'lost', 'busy'),
  charge: isCharge,
  refund: oneOf('normal', 'pending', 'refuse', 'lost'),
  search: oneOf('normal', 'behind'),
  instrument: isInstrument,
};

export function readSteering(input: Record<string, unknown>): Steering {
  return readSteeringFields<Steering>(input, fields);
}

const outcomes: readonly string[] = ['paid', 'declined', 'abandoned', 'processing', 'returned'];

export function readOutcome(value: unknown): Outcome | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && outcomes.includes(value)) return value as Outcome;
  throw new RequestError(400, `The outcome is one of ${outcomes.join(', ')}.`);
}
