import * as endpoints from '@sluice/contract/webhooks';
import { invariant } from '../../platform/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { Acting } from './operations/acting.ts';
import { createWebhookEndpoint } from './operations/create-webhook-endpoint.ts';
import { deleteWebhookEndpoint } from './operations/delete-webhook-endpoint.ts';
import {
  getWebhookDelivery,
  getWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  listWebhookEvents,
} from './operations/read-webhooks.ts';
import { retryWebhookDelivery } from './operations/retry-webhook-delivery.ts';
import { rotateWebhookSecret } from './operations/rotate-webhook-secret.ts';
import { testWebhookEndpoint } from './operations/test-webhook-endpoint.ts';
import { updateWebhookEndpoint } from './operations/update-webhook-endpoint.ts';

export function registerWebhooks(routes: Routes): void {
  serveEndpoints(routes);
  serveDeliveries(routes);
}

function serveEndpoints(routes: Routes): void {
  routes.serve(endpoints.listWebhookEvents, async ({ caller }) =>
    listWebhookEvents(actingOf(caller)),
  );
  routes.serve(endpoints.listWebhookEndpoints, ({ context, organizationId, query }) =>
    listWebhookEndpoints(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.createWebhookEndpoint, ({ context, caller, body }) =>
    createWebhookEndpoint(context, { ...body, ...actingOf(caller) }),
  );
  routes.serve(endpoints.getWebhookEndpoint, ({ context, organizationId, params }) =>
    getWebhookEndpoint(context, { ...params, organizationId }),
  );
  routes.serve(endpoints.updateWebhookEndpoint, ({ context, caller, params, body }) =>
    updateWebhookEndpoint(context, { ...body, ...params, ...actingOf(caller) }),
  );
  routes.serve(endpoints.deleteWebhookEndpoint, ({ context, organizationId, params }) =>
    deleteWebhookEndpoint(context, { ...params, organizationId }),
  );
  routes.serve(endpoints.rotateWebhookSecret, ({ context, organizationId, params }) =>
    rotateWebhookSecret(context, { ...params, organizationId }),
  );
  routes.serve(endpoints.testWebhookEndpoint, ({ context, organizationId, params }) =>
    testWebhookEndpoint(context, { ...params, organizationId }),
  );
}

function serveDeliveries(routes: Routes): void {
  routes.serve(endpoints.listWebhookDeliveries, ({ context, organizationId, params, query }) =>
    listWebhookDeliveries(context, { ...query, ...params, organizationId }),
  );
  routes.serve(endpoints.getWebhookDelivery, ({ context, caller, params }) =>
    getWebhookDelivery(context, { ...params, ...actingOf(caller) }),
  );
  routes.serve(endpoints.retryWebhookDelivery, ({ context, organizationId, params }) =>
    retryWebhookDelivery(context, { ...params, organizationId }),
  );
}

function actingOf(caller: Caller): Acting {
  invariant(caller.kind === 'user', 'only people see webhooks');
  const { organizationId, permissions } = caller;
  return { organizationId, permissions };
}
