/** Endpoints and deliveries as the contract shows them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as contract from '@sluice/contract/webhooks';

export type EndpointView = AnswerOf<typeof contract.getWebhookEndpoint>;
export type DeliveryView = AnswerOf<typeof contract.retryWebhookDelivery>;
export type DeliveryDetailsView = AnswerOf<typeof contract.getWebhookDelivery>;

interface Endpoint {
  id: string;
  url: string;
  description: string;
  events: string[] | null;
  status: EndpointView['status'];
  disabledReason: EndpointView['disabled_reason'];
  previousExpiresAt: Date | null;
  failingSince: Date | null;
  createdAt: Date;
}

export function presentEndpoint(endpoint: Endpoint, now: Date): EndpointView {
  const { previousExpiresAt } = endpoint;
  const isPreviousGood = previousExpiresAt !== null && now < previousExpiresAt;
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    events: endpoint.events as EndpointView['events'],
    status: endpoint.status,
    disabled_reason: endpoint.disabledReason,
    failing_since: endpoint.failingSince?.toISOString() ?? null,
    previous_secret_expires_at: isPreviousGood ? previousExpiresAt.toISOString() : null,
    created_at: endpoint.createdAt.toISOString(),
  };
}

interface Delivery {
  id: string;
  endpointId: string;
  messageId: string;
  event: string;
  isTest: boolean;
  status: DeliveryView['status'];
  tries: number;
  responseStatus: number | null;
  createdAt: Date;
  dueAt: Date | null;
}

export function presentDelivery(delivery: Delivery): DeliveryView {
  return {
    id: delivery.id,
    webhook_endpoint: delivery.endpointId,
    message: delivery.messageId,
    event: delivery.event,
    test: delivery.isTest,
    status: delivery.status,
    tries: delivery.tries,
    response_status: delivery.responseStatus,
    next_try_at: delivery.dueAt?.toISOString() ?? null,
    created_at: delivery.createdAt.toISOString(),
  };
}

interface Try {
  number: number;
  startedAt: Date;
  outcome: DeliveryDetailsView['attempts'][number]['outcome'];
  responseStatus: number | null;
  responseExcerpt: string | null;
  error: string | null;
  durationMs: number | null;
}

export function presentDetails(
  delivery: Delivery & { body: string },
  tries: readonly Try[],
): DeliveryDetailsView {
  return {
    ...presentDelivery(delivery),
    body: delivery.body,
    attempts: tries.map((one) => ({
      number: one.number,
      outcome: one.outcome,
      response_status: one.responseStatus,
      response_excerpt: one.responseExcerpt,
      error: one.error,
      duration_ms: one.durationMs,
      started_at: one.startedAt.toISOString(),
    })),
  };
}
