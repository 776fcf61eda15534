/** Webhooks v1: where the merchant wants to be told, whether a notification is the vendor's, and its certificate. */
import { RequestError, send } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import {
  type ApiCall,
  type ApiReply,
  type Endpoint,
  notThere,
  problem,
  textAt,
  valueAt,
} from './api.ts';
import type { Book, WebhookRecord } from './book.ts';
import { drawId } from './credentials.ts';
import type { Urls } from './present.ts';
import { rawField } from './raw-field.ts';
import { ALGORITHM, type Signer, transmissionText } from './signing.ts';

interface Parts {
  book: Book;
  signer: Signer;
  urls: Urls;
}

const WEBHOOKS_MAX = 10;

export function webhookEndpoints(parts: Parts): Endpoint[] {
  const { book, urls } = parts;
  return [
    {
      method: 'GET',
      path: '/v1/notifications/webhooks',
      handle: () => ({
        status: 200,
        body: { webhooks: book.webhooks.all().map((webhook) => present(webhook, urls)) },
      }),
    },
    {
      method: 'POST',
      path: '/v1/notifications/webhooks',
      handle({ body }) {
        const url = textAt(body, 'url');
        if (!isAddress(url)) return problem(400, 'VALIDATION_ERROR', 'WEBHOOK_URL_INVALID');
        if (book.webhooks.all().length >= WEBHOOKS_MAX) {
          return problem(400, 'WEBHOOK_NUMBER_LIMIT_EXCEEDED');
        }
        const webhook = { id: drawId(), url };
        book.webhooks.put(webhook);
        return { status: 201, body: present(webhook, urls) };
      },
    },
    {
      method: 'GET',
      path: '/v1/notifications/webhooks/{id}',
      handle({ params }) {
        const webhook = book.webhooks.get(params.id ?? '');
        return webhook ? { status: 200, body: present(webhook, urls) } : notThere;
      },
    },
    {
      method: 'PATCH',
      path: '/v1/notifications/webhooks/{id}',
      handle: (call) => patchWebhook(parts, call),
    },
    {
      method: 'POST',
      path: '/v1/notifications/verify-webhook-signature',
      handle: (call) => ({
        status: 200,
        body: { verification_status: isOurs(parts, call) ? 'SUCCESS' : 'FAILURE' },
      }),
    },
  ];
}

/** The certificate is public. */
export function certificateRoute(prefix: string, signer: Signer): Route {
  return {
    method: 'GET',
    path: `${prefix}/v1/notifications/certs/{id}`,
    handle({ params, response }) {
      if (params.id !== signer.keys.id) throw new RequestError(404, 'No such certificate.');
      send(response, 200, 'application/x-pem-file', signer.keys.certificates);
    },
  };
}

function present({ id, url }: WebhookRecord, { api }: Urls) {
  return {
    id,
    url,
    event_types: [{ name: '*', description: 'ALL' }],
    links: [{ href: `${api}/v1/notifications/webhooks/${id}`, rel: 'self', method: 'GET' }],
  };
}

function patchWebhook({ book, urls }: Parts, { params, body }: ApiCall): ApiReply {
  const webhook = book.webhooks.get(params.id ?? '');
  if (!webhook) return notThere;
  const patches = valueAt(body, 'list');
  const patch: unknown = Array.isArray(patches) && patches.length === 1 ? patches[0] : undefined;
  const url = textAt(patch, 'value');
  if (textAt(patch, 'op') !== 'replace' || textAt(patch, 'path') !== '/url' || !isAddress(url)) {
    return problem(400, 'VALIDATION_ERROR', 'INVALID_PATCH');
  }
  const moved = { ...webhook, url };
  book.webhooks.put(moved);
  return { status: 200, body: present(moved, urls) };
}

/** By the text of the event as it was handed in, and under a webhook that is registered here. */
function isOurs({ book, signer, urls }: Parts, { body, text }: ApiCall): boolean {
  const event = rawField(text, 'webhook_event');
  const webhookId = textAt(body, 'webhook_id');
  const sent = { id: textAt(body, 'transmission_id'), time: textAt(body, 'transmission_time') };
  if (event === undefined || webhookId === undefined || !book.webhooks.get(webhookId)) return false;
  if (sent.id === undefined || sent.time === undefined) return false;
  const certificate = `${urls.api}/v1/notifications/certs/${signer.keys.id}`;
  if (textAt(body, 'auth_algo') !== ALGORITHM) return false;
  if (textAt(body, 'cert_url') !== certificate) return false;
  const signed = transmissionText(
    { id: sent.id, time: sent.time },
    webhookId,
    Buffer.from(event, 'utf8'),
  );
  return signer.isSigned(signed, textAt(body, 'transmission_sig') ?? '');
}

function isAddress(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && /^https?:/.test(url);
}
