/** PayPal in miniature: its REST API, its page for payers, its signed notifications, and what bends them. */
import { join } from 'node:path';
import type { Route } from '../http/router.ts';
import type { Clock } from '../steering/clock.ts';
import { Access } from './access.ts';
import { openApi } from './api.ts';
import { approveRoutes } from './approve-routes.ts';
import { openBook } from './book.ts';
import type { PaypalCredentials } from './credentials.ts';
import { openDesk } from './desk.ts';
import { disputeEndpoints } from './disputes.ts';
import { Notifier } from './notifier.ts';
import { orderEndpoints } from './orders-api.ts';
import { paymentEndpoints } from './payments-api.ts';
import { reportingEndpoints } from './reporting-api.ts';
import { Signer } from './signing.ts';
import { steeringRoutes } from './steering-routes.ts';
import { vaultEndpoints } from './vault-api.ts';
import { certificateRoute, webhookEndpoints } from './webhooks-api.ts';

const PREFIX = '/sandbox/paypal';

export interface PaypalOptions {
  app: PaypalCredentials;
  clock: Clock;
  dataDir: string | undefined;
  publicUrl: string;
}

export function openPaypal({ app, clock, dataDir, publicUrl }: PaypalOptions): {
  routes: Route[];
  close(): Promise<void>;
} {
  const base = publicUrl + PREFIX;
  const urls = { api: base, site: base };
  const book = openBook(dataDir);
  // Registered under the deployment's own address; it moves with it, and through the API to any other.
  const registered = book.webhooks.get(app.webhook_id);
  const ownUrl = `${publicUrl}/api/v1/webhooks/paypal`;
  if (!registered || registered.url.endsWith('/api/v1/webhooks/paypal')) {
    book.webhooks.put({ id: app.webhook_id, url: ownUrl });
  }
  const signer = new Signer(dataDir === undefined ? undefined : join(dataDir, 'paypal-keys.json'));
  const notifier = new Notifier({ book, clock, signer, apiUrl: base, dataDir });
  const desk = openDesk({ book, clock, notifier, urls });
  const access = new Access(app);
  const api = openApi({ access, book, clock, dataDir, prefix: PREFIX });
  return {
    routes: [
      access.route(PREFIX),
      ...api.routesOf([
        ...orderEndpoints(desk),
        ...paymentEndpoints(desk),
        ...vaultEndpoints(desk),
        ...disputeEndpoints(desk),
        ...reportingEndpoints(desk),
        ...webhookEndpoints({ book, signer, urls }),
      ]),
      certificateRoute(PREFIX, signer),
      ...approveRoutes(desk, PREFIX),
      ...steeringRoutes(desk, access, PREFIX),
    ],
    close: async () => {
      await notifier.close();
      api.close();
      book.close();
    },
  };
}
