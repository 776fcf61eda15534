import { costOf, likelyUsage } from '../channel-cost.ts';
import type { Channel } from '../channels.ts';
import { failureReason, isLikelyCharged } from '../core/failure-reason.ts';
import type { Rest } from '../core/upstream-verdict.ts';
import type { Gateway } from '../gateway.ts';
import type { RunningCall } from '../running-call.ts';

export interface FailedEnd {
  rest: Rest;
  status?: number | undefined;
  error?: Error | undefined;
}

/** Tells the pool, and writes down what the upstream may have charged for although no customer pays for it. */
export function noteFailedAttempt(
  { channels, attempts, platform }: Gateway,
  { admission }: RunningCall,
  failed: {
    channel: Channel;
    end: FailedEnd /** Where it may have been charged. */;
    body?: Buffer;
  },
): void {
  const { channel, end, body } = failed;
  const { request, requestId, key, price, surface } = admission;
  channels.failed(channel, end.rest, { ...end, voice: key.organizationId });
  const reason = failureReason({ ...end, status: end.status }, channel.proxyUrl !== undefined);
  const mayCost = body !== undefined && surface.isBilled && isLikelyCharged(end, reason);
  const call = { model: request.model, list: price };
  attempts.note({
    channelId: channel.id,
    organizationId: key.organizationId,
    requestId,
    model: request.model,
    status: end.status,
    reason,
    cost: mayCost ? costOf(channel.cost, { ...call, usage: likelyUsage(body.length) }) : undefined,
    currency: platform.config.usageCurrency,
  });
}
