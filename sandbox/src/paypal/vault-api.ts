/** Vault v3: setup tokens that a payer approves, and the payment tokens that come of them. */
import {
  type ApiCall,
  type ApiReply,
  type Endpoint,
  notThere,
  problem,
  refused,
  textAt,
  valueAt,
} from './api.ts';
import type { SetupRecord } from './book.ts';
import { customerOf, drawId } from './credentials.ts';
import type { Desk } from './desk.ts';
import { presentSetup, presentToken } from './present.ts';

const REPEATS_FOR_HOURS = 3;
const PAGE_SIZE_MAX = 20;

export function vaultEndpoints(desk: Desk): Endpoint[] {
  const { book, urls } = desk;
  return [
    {
      method: 'POST',
      path: '/v3/vault/setup-tokens',
      about: ({ requestId }) => requestId,
      repeatsForHours: REPEATS_FOR_HOURS,
      handle: (call) => createSetup(desk, call),
    },
    {
      method: 'GET',
      path: '/v3/vault/setup-tokens/{id}',
      about: ({ params }) => book.setups.get(params.id ?? '')?.number,
      handle({ params }) {
        const setup = book.setups.get(params.id ?? '');
        return setup ? { status: 200, body: presentSetup(setup, urls) } : notThere;
      },
    },
    {
      method: 'POST',
      path: '/v3/vault/payment-tokens',
      about: ({ requestId }) => requestId,
      repeatsForHours: REPEATS_FOR_HOURS,
      handle: (call) => createToken(desk, call),
    },
    {
      method: 'GET',
      path: '/v3/vault/payment-tokens',
      handle: (call) => listTokens(desk, call),
    },
    {
      method: 'GET',
      path: '/v3/vault/payment-tokens/{id}',
      handle({ params }) {
        const token = book.tokens.get(params.id ?? '');
        return token ? { status: 200, body: presentToken(token, urls) } : notThere;
      },
    },
    {
      method: 'DELETE',
      path: '/v3/vault/payment-tokens/{id}',
      handle({ params }) {
        desk.removeToken(params.id ?? '');
        return { status: 204 };
      },
    },
  ];
}

function createSetup(desk: Desk, { body, requestId }: ApiCall): ApiReply {
  const experience = valueAt(body, 'payment_source', 'paypal', 'experience_context');
  const return_url = textAt(experience, 'return_url');
  const cancel_url = textAt(experience, 'cancel_url');
  if (return_url === undefined) return refused('RETURN_URL_REQUIRED');
  if (cancel_url === undefined) return refused('CANCEL_URL_REQUIRED');
  const merchantCustomer = textAt(body, 'customer', 'merchant_customer_id');
  const setup: SetupRecord = {
    id: drawId(),
    number: requestId ?? '',
    customer: textAt(body, 'customer', 'id') ?? customerOf(merchantCustomer),
    merchant_customer: merchantCustomer ?? null,
    status: 'PAYER_ACTION_REQUIRED',
    ...{ return_url, cancel_url },
    created_at: desk.clock.now().toISOString(),
  };
  desk.book.setups.put(setup);
  return { status: 201, body: presentSetup(setup, desk.urls) };
}

function createToken(desk: Desk, { body }: ApiCall): ApiReply {
  const source = valueAt(body, 'payment_source', 'token');
  if (textAt(source, 'type') !== 'SETUP_TOKEN') {
    return problem(400, 'INVALID_REQUEST', 'INVALID_PARAMETER_VALUE');
  }
  const setup = desk.book.setups.get(textAt(source, 'id') ?? '');
  if (!setup) return notThere;
  if (setup.status === 'PAYER_ACTION_REQUIRED') return refused('SETUP_TOKEN_NOT_APPROVED');
  if (setup.status === 'VAULTED') return refused('SETUP_TOKEN_ALREADY_USED');
  desk.book.setups.put({ ...setup, status: 'VAULTED' });
  return { status: 201, body: presentToken(desk.keep(setup), desk.urls) };
}

function listTokens({ book, urls }: Desk, { query }: ApiCall): ApiReply {
  const customer = query.get('customer_id') ?? '';
  if (customer === '') return problem(400, 'INVALID_REQUEST', 'MISSING_REQUIRED_PARAMETER');
  const own = book.tokens.all().filter((token) => token.customer === customer);
  const body = {
    customer: { id: customer },
    payment_tokens: own.slice(0, PAGE_SIZE_MAX).map((token) => presentToken(token, urls)),
    links: [{ href: `${urls.api}/v3/vault/payment-tokens`, rel: 'self', method: 'GET' }],
  };
  return { status: 200, body };
}
