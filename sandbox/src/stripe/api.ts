/**
 * The frame of every call: the key, the version, the form, the idempotency key, and Stripe's shape for whatever is
 * wrong. What is steered about an order (500, or done without an answer) happens here too.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, RequestError, readBody, send } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import type { Account } from './account.ts';
import { type KeptAnswer, nameOf, orderOfIntent, steeringOf } from './books.ts';
import { expand } from './expand.ts';
import { listOf, metadataOf, readForm, type Tree, textOf } from './form.ts';
import { newId } from './ids.ts';
import { Problem } from './problem.ts';
import type { Desk } from './till.ts';
import { apiVersion } from './version.ts';

export interface Call {
  params: Record<string, string>;
  form: Tree;
  /** The path as the caller sees it. */
  path: string;
}

export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  handle(call: Call): object;
}

interface Answer {
  status: number;
  body: string;
}

const keyLengthMax = 255;
const keptForMs = 24 * 3_600_000;
export const root = '/sandbox/stripe';

export function serveApi(desk: Desk, account: Account, endpoints: readonly Endpoint[]): Route[] {
  return endpoints.map((endpoint) => ({
    method: endpoint.method,
    path: root + endpoint.path,
    handle: (exchange) => serve({ desk, account, endpoint }, exchange),
  }));
}

interface Serving {
  desk: Desk;
  account: Account;
  endpoint: Endpoint;
}

async function serve(serving: Serving, exchange: Exchange): Promise<void> {
  const { desk, endpoint } = serving;
  const { request, response } = exchange;
  const requestId = newId('req', 14);
  response.setHeader('request-id', requestId);
  response.setHeader('stripe-version', apiVersion);
  response.setHeader('date', desk.clock.now().toUTCString());
  try {
    authenticate(serving.account, request);
    const form = readForm(await readText(exchange, endpoint.method));
    const call = { params: exchange.params, form, path: exchange.path.slice(root.length) };
    const { answers, refund } = steeringOf(desk.books, numberOf(desk, call));
    if (answers === 'down') throw unavailable();
    if (answers === 'busy' && endpoint.method === 'POST') throw inUse();
    const answer = answerOnce(serving, exchange, { call, requestId });
    const isRefund = endpoint.method === 'POST' && endpoint.path === '/v1/refunds';
    if (answers === 'lost' || (isRefund && refund === 'lost')) response.destroy();
    else sendAnswer(response, answer);
  } catch (error) {
    sendAnswer(response, answerOf(error));
  }
}

function authenticate({ secret_key: secretKey }: Account, { headers }: IncomingMessage): void {
  const [scheme, given = ''] = (headers.authorization ?? '').split(' ');
  const decoded = Buffer.from(given, 'base64').toString('utf8').replace(/:.*$/, '');
  const key = scheme === 'Basic' ? decoded : given;
  if (key === secretKey) return;
  const message =
    key === ''
      ? 'You did not provide an API key.'
      : `Invalid API Key provided: ${key.slice(0, 8)}****`;
  throw new Problem(401, { type: 'invalid_request_error', message });
}

async function readText({ request, query }: Exchange, method: string): Promise<string> {
  const version = request.headers['stripe-version'];
  if (typeof version === 'string' && version !== apiVersion) {
    const message = `Invalid Stripe API version: ${version.slice(0, 40)}`;
    throw new Problem(400, { type: 'invalid_request_error', message });
  }
  if (method !== 'POST') return query.toString();
  const text = (await readBody(request)).toString('utf8');
  const type = request.headers['content-type'] ?? '';
  if (text !== '' && !type.startsWith('application/x-www-form-urlencoded')) {
    const message = 'Invalid request (check that your POST content type is form-urlencoded).';
    throw new Problem(400, { type: 'invalid_request_error', message });
  }
  return text;
}

/** The same key is answered with the same bytes; with other parameters it is refused. */
function answerOnce(
  { desk, endpoint }: Serving,
  { request, response }: Exchange,
  { call, requestId }: { call: Call; requestId: string },
): Answer {
  const { books, clock } = desk;
  const key = request.headers['idempotency-key'];
  if (endpoint.method !== 'POST' || typeof key !== 'string') return answerNow(desk, endpoint, call);
  if (key.length > keyLengthMax) {
    const message = 'Idempotency keys can be up to 255 characters.';
    throw new Problem(400, { type: 'invalid_request_error', message });
  }
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([call.path, call.form]))
    .digest('hex');
  const kept = books.answers.get(key);
  const now = clock.now();
  if (kept && now.getTime() - Date.parse(kept.created_at) < keptForMs) {
    if (kept.fingerprint !== fingerprint) throw otherParameters(key);
    response.setHeader('idempotent-replayed', 'true');
    response.setHeader('original-request', kept.request);
    return kept;
  }
  response.setHeader('idempotency-key', key);
  const answer = answerNow(desk, endpoint, call);
  const answered: KeptAnswer = {
    ...{ id: key, fingerprint, request: requestId, ...answer },
    created_at: now.toISOString(),
  };
  // What was not even begun, for a parameter that is wrong, may be sent again with a better one.
  if (!isUnbegun(answer)) books.answers.put(answered);
  return answer;
}

function isUnbegun({ status, body }: Answer): boolean {
  return status === 400 && /"code":"parameter_/.test(body);
}

function answerNow({ books }: Desk, endpoint: Endpoint, call: Call): Answer {
  try {
    const object = endpoint.handle(call);
    const shown = expand(books, object, listOf(call.form, 'expand'));
    return { status: 200, body: JSON.stringify(shown) };
  } catch (error) {
    return answerOf(error);
  }
}

function answerOf(error: unknown): Answer {
  if (error instanceof Problem) {
    return { status: error.status, body: JSON.stringify({ error: error.body }) };
  }
  if (error instanceof RequestError) {
    const body = { type: 'invalid_request_error', message: error.message };
    return { status: error.status, body: JSON.stringify({ error: body }) };
  }
  console.error(error);
  return { status: 500, body: JSON.stringify({ error: unavailable().body }) };
}

function sendAnswer(response: ServerResponse, { status, body }: Answer): void {
  send(response, status, 'application/json', body);
}

function unavailable(): Problem {
  const message = 'Sorry! There was an error while talking to one of our backends.';
  return new Problem(500, { type: 'api_error', message });
}

function inUse(): Problem {
  const message = 'There is currently another in-progress request using this idempotency key.';
  return new Problem(409, {
    ...{ type: 'idempotency_error', code: 'idempotency_key_in_use', message },
  });
}

function otherParameters(key: string): Problem {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}'.`;
  return new Problem(400, { type: 'idempotency_error', message });
}

/** Which of the merchant's orders a call is about, as far as it says so. */
function numberOf({ books }: Desk, { form, params }: Call): string | undefined {
  const said = textOf(form, 'client_reference_id') ?? metadataOf(form).sluice_number;
  if (said !== undefined) return said;
  const named = params.id ?? textOf(form, 'payment_intent') ?? '';
  const refunded = nameOf(books.refunds.get(named)?.payment_intent);
  const order = books.orders.get(named) ?? orderOfIntent(books, refunded || named);
  return order?.number;
}
