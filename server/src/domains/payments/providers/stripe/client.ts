/** The official SDK over our own HTTP: its calls go where `api_url` says, within our limits, and say nothing of this host. */
import type Stripe from 'stripe';
import type { Outside, OutsideCall } from '../../outside.ts';
import { officialUrl, type StripeSettings } from './settings.ts';

/** A page of a hundred balance transactions with what they are for. */
const answerBytesMax = 4 * 1024 * 1024;
/** Beyond the limit that `outside` keeps, so that one limit decides. */
const timeoutMs = 10_000;

const sent = new Set([
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'stripe-version',
]);
/** All else, such as notices that the SDK would print, stays outside. */
const heard = new Set(['content-type', 'request-id']);

export interface StripeClient {
  readonly sdk: Stripe;
  /** What Stripe's clock showed with its last answer. */
  heardAt(): Date | undefined;
}

/** Nothing is repeated by the SDK: the engine asks again, and every call that moves money has its number as key. */
export async function openClient(
  settings: StripeSettings,
  outside: Outside,
): Promise<StripeClient> {
  // Half a second and 36 MB, which a deployment without Stripe is spared.
  const { default: Sdk } = await import('stripe');
  let heardAt: Date | undefined;
  const send: typeof fetch = async (input, init) => {
    const answer = await outside.send(composeCall(settings.apiUrl, String(input), init));
    // An error without a code: the SDK repeats some that have one, whatever it was told.
    if (!answer) throw new Error('There was no answer.');
    const date = new Date(answer.headers.date ?? '');
    heardAt = Number.isNaN(date.getTime()) ? undefined : date;
    const headers = Object.entries(answer.headers).filter(([name]) => heard.has(name));
    return new Response(answer.text, { status: answer.status, headers });
  };
  const sdk = new Sdk(settings.secretKey, {
    httpClient: Sdk.createFetchHttpClient(send),
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: timeoutMs,
  });
  return { sdk, heardAt: () => heardAt };
}

function composeCall(apiUrl: string, url: string, init: RequestInit | undefined): OutsideCall {
  const headers = [...new Headers(init?.headers)].filter(([name]) => sent.has(name));
  const { body } = init ?? {};
  return {
    method: init?.method === 'POST' || init?.method === 'DELETE' ? init.method : 'GET',
    url: apiUrl + url.slice(officialUrl.length),
    headers: Object.fromEntries(headers),
    ...(typeof body === 'string' && body !== '' ? { body } : {}),
    answerBytesMax,
  };
}
