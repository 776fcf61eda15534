import * as endpoints from '@sluice/contract/payments';
import type { Call, Routes } from '../../platform/http/routes.ts';
import { limitAddress } from '../identity/index.ts';
import {
  getPayment,
  listPayments,
  listUnapplied,
  searchPayments,
} from './operations/read-payments.ts';
import { getProvider, listPaymentProviders, listProviders } from './operations/read-providers.ts';
import { receiveNotification } from './operations/receive-notification.ts';
import { updateProvider } from './operations/update-provider.ts';

/** Serves payments, their providers and what these tell us; a manual payment is an invoice's and served there. */
export function registerPayments(routes: Routes): void {
  routes.serve(endpoints.listPayments, ({ context, organizationId, query }) =>
    listPayments(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.getPayment, ({ context, organizationId, params }) =>
    getPayment(context, { organizationId, id: params.id }),
  );
  routes.serve(endpoints.listPaymentProviders, ({ context }) => listPaymentProviders(context));
  routes.serve(endpoints.searchPayments, ({ context, query }) => searchPayments(context, query));
  routes.serve(endpoints.listUnapplied, ({ context, query }) => listUnapplied(context, query));
  serveProviders(routes);
  routes.serveRaw(endpoints.receivePaymentNotification, receive);
  routes.serveRaw(endpoints.receivePaymentNotificationPost, receive);
}

function serveProviders(routes: Routes): void {
  routes.serve(endpoints.listProviders, async ({ context }) => ({
    data: await listProviders(context),
    next_cursor: null,
  }));
  routes.serve(endpoints.getProvider, ({ context, params }) =>
    getProvider(context, params.provider),
  );
  routes.serve(endpoints.updateProvider, async ({ context, params, body }) => {
    await updateProvider(context, { ...body, provider: params.provider });
    return getProvider(context, params.provider);
  });
}

type NotificationCall = Call<
  typeof endpoints.receivePaymentNotification | typeof endpoints.receivePaymentNotificationPost
>;

/** An address that sends too many is refused before anything is kept: a provider tells us again later. */
async function receive({ context, params, request, reply }: NotificationCall): Promise<void> {
  await limitAddress(context, 'payment_notifications_per_hour');
  const { method, headers, url = '' } = request.raw;
  const at = url.indexOf('?');
  const answer = await receiveNotification(context, {
    provider: params.provider,
    notification: {
      method: method ?? 'GET',
      query: at < 0 ? '' : url.slice(at + 1),
      headers,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    },
  });
  await reply.code(answer.status).type(answer.contentType).send(answer.body);
}
