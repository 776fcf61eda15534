import type { Answer } from '../../api/call.ts';

export type Endpoint = Answer<'getWebhookEndpoint'>;
export type Delivery = Answer<'listWebhookDeliveries'>['data'][number];
export type DeliveryDetails = Answer<'getWebhookDelivery'>;
export type EventName = NonNullable<Endpoint['events']>[number];

/** What shows an endpoint, and is asked again when one changed. */
export const endpointReads = ['listWebhookEndpoints', 'getWebhookEndpoint'] as const;
export const deliveryReads = ['listWebhookDeliveries', 'getWebhookDelivery'] as const;

/** A program that checks what it is posted with our SDK. */
export function verifierCode(secret: string): string {
  return `import { verifyWebhook } from '@sluice/sdk';

// The body as it came: bytes or text, not parsed.
const event = await verifyWebhook({
  secret: '${secret}',
  headers: request.headers,
  body,
});
console.log(event.type, event.data);`;
}
