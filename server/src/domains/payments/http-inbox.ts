/** Serves what providers tell us, and to operators what became of it. */
import * as inbox from '@sluice/contract/payment-inbox';
import * as endpoints from '@sluice/contract/payments';
import { Refusal } from '../../platform/errors.ts';
import type { Call, Routes } from '../../platform/http/routes.ts';
import { limitAddress } from '../identity/index.ts';
import { probeProvider } from './operations/probe-provider.ts';
import { getNotification, listNotifications } from './operations/read-notifications.ts';
import { receiveNotification } from './operations/receive-notification.ts';
import { replayNotification } from './operations/replay-notification.ts';

export function serveInbox(routes: Routes): void {
  routes.serveRaw(endpoints.receivePaymentNotification, receive);
  routes.serveRaw(endpoints.receivePaymentNotificationPost, receive);
  routes.serve(inbox.listPaymentNotifications, ({ context, query }) =>
    listNotifications(context, query),
  );
  routes.serve(inbox.getPaymentNotification, ({ context, params }) =>
    getNotification(context, params.id),
  );
  routes.serve(inbox.replayPaymentNotification, async ({ context, params }) => {
    await replayNotification(context, params.id);
    return getNotification(context, params.id);
  });
  routes.serve(inbox.testProvider, ({ context, params }) =>
    probeProvider(context, params.provider),
  );
}

type NotificationCall = Call<
  typeof endpoints.receivePaymentNotification | typeof endpoints.receivePaymentNotificationPost
>;

/** An address that sends too many is refused before anything is kept: a provider tells us again later. */
async function receive({ context, params, request, reply }: NotificationCall): Promise<void> {
  await limitAddress(context, 'payment_notifications_per_hour');
  const { method, headers, url = '' } = request.raw;
  requirePlain(headers['content-encoding']);
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

/** No provider compresses its notifications, and a few bytes could unfold to anything. */
function requirePlain(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new Refusal('unsupported_media_type', 'Send the body as it is, not compressed.');
}
