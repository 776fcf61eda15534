/**
 * One delivery for each endpoint that is to hear of what happened. News is told at least once: the key over endpoint and
 * happening keeps a repeat, or another process, from telling it again.
 */
import { isWebhookEvent } from '@sluice/contract/webhooks';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Happening } from '../../../platform/happenings.ts';
import { newId } from '../../../platform/ids.ts';
import { bodyOf } from '../core/message.ts';
import { insertDelivery } from '../store/deliveries.ts';
import { findListening } from '../store/endpoints.ts';
import { wakeSender } from './wake-sender.ts';

export async function tellEndpoints(context: Context, happening: Happening): Promise<void> {
  const { id: messageId, name: event, organizationId, userId } = happening;
  // What concerns one person alone is not the organization's to hear.
  if (userId !== null || !isWebhookEvent(event)) return;
  const at = new Date(happening.occurredAt);
  await inTransaction(context, async (transaction) => {
    const endpoints = await findListening(transaction, { organizationId, event, at });
    if (endpoints.length === 0) return;
    const body = bodyOf(happening);
    const createdAt = context.clocks.wall();
    let isNews = false;
    for (const endpointId of endpoints) {
      const id = newId('whd', createdAt);
      const delivery = { id, endpointId, organizationId, messageId, event, body, createdAt };
      if (await insertDelivery(transaction, { ...delivery, isTest: false })) isNews = true;
    }
    if (isNews) await wakeSender(transaction);
  });
}
