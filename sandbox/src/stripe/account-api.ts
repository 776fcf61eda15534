/** What is the account's own: `/v1/account`, `/v1/balance`, its transactions, its events, and who is told of them. */
import type Stripe from 'stripe';
import type { Account } from './account.ts';
import type { Call, Endpoint } from './api.ts';
import { type KeptEndpoint, nameOf } from './books.ts';
import { allow, listOf, metadataOf, needText, textOf } from './form.ts';
import { newId, secondsOf } from './ids.ts';
import { createdWithin, listParams, pageOf } from './list.ts';
import { invalid, missing } from './problem.ts';
import type { Desk } from './till.ts';
import { apiVersion } from './version.ts';

export function accountEndpoints(desk: Desk, account: Account): Endpoint[] {
  const { books } = desk;
  return [
    { method: 'GET', path: '/v1/account', handle: () => showAccount(account) },
    { method: 'GET', path: '/v1/balance', handle: () => showBalance(desk) },
    {
      method: 'GET',
      path: '/v1/balance_transactions',
      handle: (call) => listTransactions(desk, call),
    },
    {
      method: 'GET',
      path: '/v1/balance_transactions/{id}',
      handle({ params }) {
        const transaction = books.transactions.get(params.id ?? '');
        if (transaction) return transaction;
        throw missing('balance transaction', params.id ?? '');
      },
    },
    {
      method: 'GET',
      path: '/v1/events',
      handle({ form, path }) {
        allow(form, [...listParams, 'created', 'type']);
        const type = textOf(form, 'type');
        const events = books.events.all().filter(createdWithin(form));
        return pageOf(
          events.filter((event) => type === undefined || event.type === type),
          form,
          path,
        );
      },
    },
    {
      method: 'GET',
      path: '/v1/events/{id}',
      handle({ params }) {
        const event = books.events.get(params.id ?? '');
        if (event) return event;
        throw missing('event', params.id ?? '');
      },
    },
    ...hookEndpoints(desk),
  ];
}

function showAccount({ account }: Account): Stripe.Account {
  return {
    id: account,
    object: 'account',
    business_type: 'company',
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
    details_submitted: true,
    email: 'merchant@example.com',
    payouts_enabled: true,
    type: 'standard',
  };
}

function showBalance({ books }: Desk): Stripe.Balance {
  const nets = new Map<string, number>();
  for (const { currency, net } of books.transactions.all()) {
    nets.set(currency, (nets.get(currency) ?? 0) + net);
  }
  const available = [...nets].map(([currency, amount]) => ({ amount, currency }));
  return { object: 'balance', available, livemode: false, pending: [] };
}

function listTransactions({ books }: Desk, { form, path }: Call): object {
  allow(form, [...listParams, 'created', 'currency', 'source', 'type']);
  const source = textOf(form, 'source');
  const type = textOf(form, 'type');
  const wanted = books.transactions
    .all()
    .filter(createdWithin(form))
    .filter((transaction) => source === undefined || nameOf(transaction.source) === source)
    .filter((transaction) => type === undefined || transaction.type === type);
  return pageOf(wanted, form, path);
}

/** Merchants register where events go; the secret is shown once. */
function hookEndpoints({ books, clock }: Desk): Endpoint[] {
  const path = '/v1/webhook_endpoints';
  const hookOf = ({ params }: Call): KeptEndpoint => {
    const endpoint = books.endpoints.get(params.id ?? '');
    if (endpoint) return endpoint;
    throw missing('webhook endpoint', params.id ?? '');
  };
  return [
    {
      method: 'POST',
      path,
      handle({ form }) {
        allow(form, ['api_version', 'description', 'enabled_events', 'metadata', 'url']);
        const endpoint = draftEndpoint({
          ...{ url: readUrl(needText(form, 'url')), created: secondsOf(clock.now()) },
          ...{ events: listOf(form, 'enabled_events'), metadata: metadataOf(form) },
          secret: newId('whsec', 32),
        });
        books.endpoints.put(endpoint);
        return { ...shown(endpoint), secret: endpoint.secrets[0] };
      },
    },
    {
      method: 'GET',
      path,
      handle({ form, path: url }) {
        allow(form, listParams);
        const page = pageOf(books.endpoints.all(), form, url);
        return { ...page, data: page.data.map(shown) };
      },
    },
    { method: 'GET', path: `${path}/{id}`, handle: (call) => shown(hookOf(call)) },
    {
      method: 'POST',
      path: `${path}/{id}`,
      handle(call) {
        allow(call.form, ['description', 'disabled', 'enabled_events', 'metadata', 'url']);
        const endpoint = hookOf(call);
        const url = textOf(call.form, 'url');
        if (url !== undefined) endpoint.url = readUrl(url);
        const events = listOf(call.form, 'enabled_events');
        if (events.length > 0) endpoint.enabled_events = events;
        const disabled = textOf(call.form, 'disabled');
        if (disabled !== undefined) endpoint.status = disabled === 'true' ? 'disabled' : 'enabled';
        books.endpoints.put(endpoint);
        return shown(endpoint);
      },
    },
    {
      method: 'DELETE',
      path: `${path}/{id}`,
      handle(call) {
        const { id } = hookOf(call);
        books.endpoints.remove(id);
        return { id, object: 'webhook_endpoint', deleted: true };
      },
    },
  ];
}

export function draftEndpoint(draft: {
  id?: string;
  url: string;
  created: number;
  events: string[];
  metadata: Record<string, string>;
  secret: string;
}): KeptEndpoint {
  return {
    id: draft.id ?? newId('we'),
    object: 'webhook_endpoint',
    api_version: apiVersion,
    application: null,
    created: draft.created,
    description: null,
    enabled_events: draft.events,
    livemode: false,
    metadata: draft.metadata,
    status: 'enabled',
    url: draft.url,
    secrets: [draft.secret],
  };
}

function shown({ secrets: _, ...endpoint }: KeptEndpoint): Stripe.WebhookEndpoint {
  return endpoint;
}

function readUrl(url: string): string {
  if (URL.canParse(url) && /^https?:/i.test(url)) return url;
  throw invalid('Invalid URL', { code: 'url_invalid', param: 'url' });
}
