/**
 * One try to send one delivery, and what follows from it. The try was written down when it was taken: a process that dies
 * while it sends costs a try, and perhaps a second copy with the same `webhook-id`, never a delivery.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { outcomeOfFailure, type SendOutcome, saysGone } from '../core/outcome.ts';
import { failingMaxMs, retryDelayMs } from '../core/schedule.ts';
import { signedHeaders } from '../core/signature.ts';
import type { Sender } from '../sender.ts';
import { markFailing, markTaking } from '../store/endpoints.ts';
import { endTry, type TakenDelivery } from '../store/queue.ts';
import { openSecrets } from './secrets.ts';
import { switchOff } from './switch-off.ts';
import { wakeSender } from './wake-sender.ts';

export async function tryDelivery(
  context: Context,
  sender: Sender,
  delivery: TakenDelivery,
): Promise<void> {
  const beganMs = performance.now();
  try {
    const outcome = await sendSigned(context, sender, delivery);
    const durationMs = Math.round(performance.now() - beganMs);
    await record(context, delivery, { outcome, durationMs });
  } catch (error) {
    // Its lease ends by itself, and then it is tried again.
    context.log.error({ err: error, delivery: delivery.id }, 'a webhook could not be sent');
  }
}

async function sendSigned(
  context: Context,
  sender: Sender,
  delivery: TakenDelivery,
): Promise<SendOutcome> {
  const { messageId: id, url, body } = delivery;
  const secrets = secretsOf(context, delivery);
  if (secrets === undefined) {
    return outcomeOfFailure('not_allowed', 'The secret cannot be opened: rotate it.');
  }
  const headers = signedHeaders({ id, at: context.clocks.wall(), body }, secrets);
  return sender.send({ url, headers, body });
}

/** Undefined where they were sealed under a key that nobody has any more. */
function secretsOf(context: Context, delivery: TakenDelivery): string[] | undefined {
  try {
    return openSecrets(context, { ...delivery, id: delivery.endpointId });
  } catch (error) {
    context.log.error({ err: error, endpoint: delivery.endpointId }, 'a secret cannot be opened');
    return undefined;
  }
}

async function record(
  context: Context,
  delivery: TakenDelivery,
  { outcome, durationMs }: { outcome: SendOutcome; durationMs: number },
): Promise<void> {
  const { id, organizationId, number, isTest } = delivery;
  const isDelivered = outcome.kind === 'delivered';
  const now = context.clocks.wall();
  // A test tells somebody who waits whether it works: trying on for days would tell them nothing.
  const delayMs = isDelivered || isTest || saysGone(outcome) ? undefined : retryDelayMs(number);
  const dueAt = delayMs === undefined ? null : new Date(now.getTime() + delayMs);
  const status = isDelivered ? 'delivered' : dueAt === null ? 'failed' : 'pending';
  await inTransaction(context, async (transaction) => {
    // The endpoint's row first, as whoever takes its deliveries locks it.
    const endpoint = { id: delivery.endpointId, organizationId };
    if (isDelivered) await markTaking(transaction, endpoint);
    else if (!isTest) {
      const since = await markFailing(transaction, { ...endpoint, at: now });
      const isGivenUp = since !== undefined && now.getTime() - since.getTime() >= failingMaxMs;
      if (since !== undefined && saysGone(outcome)) {
        await switchOff(context, transaction, { ...endpoint, reason: 'gone' });
      } else if (isGivenUp) {
        await switchOff(context, transaction, { ...endpoint, reason: 'failing' });
      }
    }
    const ended = { id, organizationId, number, outcome, durationMs, status, dueAt } as const;
    const isLast = await endTry(transaction, ended);
    if (isLast && dueAt !== null && isSoon(dueAt, now)) {
      await wakeSender(transaction, { runAt: dueAt, key: id });
    }
  });
}

/** Whatever is due later is found by the schedule, every minute. */
function isSoon(dueAt: Date, now: Date): boolean {
  return dueAt.getTime() - now.getTime() < 60_000;
}
