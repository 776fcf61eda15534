/** A call that cannot be done, in the shape in which Stripe says so. https://docs.stripe.com/api/errors */
import type Stripe from 'stripe';

export interface ProblemBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  setup_intent?: Stripe.SetupIntent;
}

export class Problem extends Error {
  readonly status: number;
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

export function invalid(message: string, about: { code?: string; param?: string } = {}): Problem {
  return new Problem(400, { type: 'invalid_request_error', message, ...about });
}

export function missing(what: string, id: string, param = 'id'): Problem {
  return new Problem(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param,
  });
}
