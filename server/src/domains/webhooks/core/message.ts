/** What is sent for an event. */
import { type HappeningName, happenings } from '@sluice/contract/happenings';
import { type WebhookMessage, webhookTest, webhookVersion } from '@sluice/contract/webhooks';
import type { z } from 'zod';

type Body = z.output<typeof WebhookMessage>;

interface Happened {
  id: string;
  name: HappeningName;
  organizationId: string;
  /** Business time. */
  occurredAt: string;
  data: object;
}

/** The body, byte for byte: what the contract lists of the event, and nothing else. */
export function bodyOf({ id, name, organizationId, occurredAt, data }: Happened): string {
  return write({
    ...{ id, type: name, timestamp: occurredAt, organization: organizationId },
    data: happenings[name].data.parse(data),
  });
}

export function testBodyOf({
  id,
  at,
  organizationId,
  endpointId,
}: {
  id: string;
  at: Date;
  organizationId: string;
  endpointId: string;
}): string {
  return write({
    ...{ id, type: webhookTest, timestamp: at.toISOString(), organization: organizationId },
    data: { webhook_endpoint: endpointId },
  });
}

function write({ id, type, timestamp, organization, data }: Omit<Body, 'version'>): string {
  const body: Body = { id, type, version: webhookVersion, timestamp, organization, data };
  return JSON.stringify(body);
}
