/** Another organization, with a record of every kind that a path may name. */
import type { Endpoint } from '@sluice/contract/endpoint';
import { createApiKey } from '../../domains/identity/index.ts';
import { recordManualPayment } from '../../domains/invoicing/index.ts';
import { noticesJobs } from '../../domains/notices/index.ts';
import { newId } from '../../platform/ids.ts';
import { type Headers, makeUser, type Place, signIn } from './place.ts';

export interface Foreign {
  organization: string;
  user: string;
  apiKey: string;
  payment: string;
  invoice: string;
  creditNote: string;
  subscription: string;
  quote: string;
  request: string;
  role: string;
  invitation: string;
  costCenter: string;
  session: string;
  notice: string;
  noticeDestination: string;
  webhookEndpoint: string;
  webhookDelivery: string;
}

/** Which record each path names, by what comes before the parameter. */
export const kindsOfPath: readonly (readonly [prefix: string, kind: keyof Foreign])[] = [
  ['/api/v1/organizations/', 'organization'],
  ['/api/v1/me/sessions/', 'session'],
  ['/api/v1/api-keys/', 'apiKey'],
  ['/api/v1/notices/', 'notice'],
  ['/api/v1/notice-destinations/', 'noticeDestination'],
  ['/api/v1/webhook-endpoints/', 'webhookEndpoint'],
  ['/api/v1/webhook-endpoints/deliveries/', 'webhookDelivery'],
  ['/api/v1/billing/usage/events/', 'request'],
  ['/api/v1/billing/payments/', 'payment'],
  ['/api/v1/billing/invoices/', 'invoice'],
  ['/api/v1/billing/credit-notes/', 'creditNote'],
  ['/api/v1/billing/subscriptions/', 'subscription'],
  ['/api/v1/billing/quotes/', 'quote'],
];

/** Records within an organization, by the parameter behind its id. */
export const kindsWithin: Readonly<Record<string, keyof Foreign>> = {
  user_id: 'user',
  user: 'user',
  role_id: 'role',
  invitation_id: 'invitation',
  cost_center: 'costCenter',
};

export function kindOf({ path }: Endpoint): keyof Foreign | undefined {
  return kindsOfPath.find(([prefix]) => path.startsWith(`${prefix}{`))?.[1];
}

export async function makeForeign(place: Place, admin: Headers): Promise<Foreign> {
  const stranger = await makeUser(place, 'stranger');
  const { organizationId, userId } = stranger;
  const headers = await signIn(place, stranger.email);
  const make = maker(place, headers);
  const asAdmin = maker(place, admin);
  const own = `/api/v1/organizations/${organizationId}`;
  const context = place.deployment.context();
  const key = await createApiKey(context, {
    ...{ userId, organizationId, name: 'key', expiresAt: null, allowedModels: null },
  });
  const payment = await recordManualPayment(context, {
    ...{ organizationId, amount: '10.00', currency: 'USD', invoiceId: undefined, note: 'Cash' },
  });
  const bill = await asAdmin('/api/v1/admin/invoices', {
    organization: organizationId,
    currency: 'USD',
    lines: [{ description: 'Workshop', unit_amount: '90.00' }],
  });
  const note = { reason: 'A day without service' };
  const creditNote = await asAdmin(`/api/v1/admin/invoices/${bill}/credit-notes`, note);
  await asAdmin('/api/v1/admin/plans', {
    slug: 'walk',
    name: 'Walk',
    prices: [{ currency: 'USD', interval: 'month', amount: '0' }],
  });
  const plan = { organization: organizationId, plan: 'walk', billing_cycle: 'month' };
  const hooks = '/api/v1/webhook-endpoints';
  const webhookEndpoint = await make(hooks, { url: 'https://hooks.example/', events: null });
  const sessions = await place.server.app.inject({ url: '/api/v1/me/sessions', headers });
  return {
    organization: organizationId,
    user: userId,
    apiKey: key.id,
    payment: payment.id,
    invoice: payment.invoiceId,
    creditNote,
    subscription: await asAdmin('/api/v1/admin/subscriptions', plan),
    quote: await sendQuote(place, admin, organizationId),
    request: await makeCall(place, {
      organizationId,
      apiKeyId: key.id,
      price: await price(asAdmin),
    }),
    role: await make(`${own}/roles`, { name: 'Reader', permissions: ['usage.read'] }),
    invitation: await make(`${own}/invitations`, { email: 'guest@example.com', role: 'member' }),
    costCenter: await make(`${own}/cost-centers`, { code: 'R-100', name: 'Research' }),
    session: sessions.json().data[0].id,
    notice: await tellNotice(place, headers),
    noticeDestination: await make('/api/v1/notice-destinations', {
      ...{ channel: 'wecom', name: 'Team', locale: 'en', robot: '693a91f6-7aaa-4bc4-97a0' },
    }),
    webhookEndpoint,
    webhookDelivery: await make(`${hooks}/${webhookEndpoint}/test`, {}),
  };
}

/** What happened by now is told; one of it. */
async function tellNotice({ server, deployment }: Place, headers: Headers): Promise<string> {
  const job = noticesJobs.find(({ name }) => name === 'notices.send_due');
  await job?.run(deployment.context(), {});
  const notices = await server.app.inject({ url: '/api/v1/notices', headers });
  return notices.json().data[0].id;
}

type Make = (url: string, payload: object) => Promise<string>;

function maker({ server }: Place, headers: Headers): Make {
  return async (url, payload) => {
    const answer = await server.app.inject({ method: 'POST', url, headers, payload });
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`);
    return answer.json().id;
  };
}

async function sendQuote(place: Place, admin: Headers, organization: string): Promise<string> {
  const asAdmin = maker(place, admin);
  const validUntil = new Date(place.deployment.platform.clocks.business().getTime() + 86_400_000);
  const quote = await asAdmin('/api/v1/admin/quotes', {
    ...{ organization, name: 'Acme', valid_until: validUntil.toISOString() },
    price: { currency: 'USD', interval: 'month', amount: '2500' },
  });
  await asAdmin(`/api/v1/admin/quotes/${quote}/send`, {});
  return quote;
}

async function price(asAdmin: Make): Promise<string> {
  return asAdmin('/api/v1/admin/models', { model: 'walk', prices: { input: '1', output: '1' } });
}

/** One call that was authorized and settled; answers its request id. */
async function makeCall(
  { deployment, services }: Place,
  { organizationId, apiKeyId, price }: { organizationId: string; apiKeyId: string; price: string },
): Promise<string> {
  const at = deployment.platform.clocks.business();
  const requestId = newId('req', at);
  const shared = {
    ...{
      requestId,
      organizationId,
      apiKeyId,
      userId: null,
      applicationId: null,
      costCenterId: null,
      meters: [],
    },
    ...{ requestId, organizationId, apiKeyId, userId: null, costCenterId: null },
    ...{ applicationId: null, meters: [] },
    ...{ model: 'walk', priceId: price, authorizedAt: at },
  };
  await services.access.authorize({
    ...shared,
    ...{ worstCase: 5n, minimum: 5n, tokens: 2, durable: true },
    expiresAt: new Date(at.getTime() + 60_000),
  });
  await services.access.settle({
    ...shared,
    ...{ channel: null, tags: [], amount: 5n, outcome: 'completed', latencyMs: 1 },
    firstTokenMs: null,
    usage: {
      ...{ inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0 },
      ...{ outputTokens: 1, reasoningTokens: 0, estimated: false },
    },
  });
  return requestId;
}
