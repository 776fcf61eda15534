import { setTimeout as sleep } from 'node:timers/promises';
import { type CallDetails, chargeFor, type Usage } from '../../metering/index.ts';
import { costOf } from '../channel-cost.ts';
import type { Channel } from '../channels.ts';
import type { Surface } from '../core/dialect.ts';
import type { Gateway } from '../gateway.ts';
import type { RunningCall } from '../running-call.ts';
import { type BilledEnd, type Measured, measureCall } from './measure-call.ts';

export interface Served {
  end: BilledEnd;
  channel: Channel;
  /** What the upstream was asked: of its own dialect. */
  surface: Surface;
  /** Upstreams that were tried, this one included. */
  attempts: number;
}

/**
 * Bills what an upstream served. When this answers, the bill is durable.
 * @throws Error after `settleAttemptsMax` tries; the hold then stays until it expires.
 */
export async function settleCall(
  gateway: Gateway,
  call: RunningCall,
  served: Served,
): Promise<void> {
  const { requestId, key, price, multiplierMillionths, request, authorizedAt } = call.admission;
  if (!call.admission.surface.isBilled) return call.measure.settled('completed');
  const measured = await measureCall(gateway, call, served);
  const { usage, outcome } = measured;
  call.usedTokens = usage.inputTokens + usage.outputTokens;
  const amount = chargeFor(price, usage, multiplierMillionths);
  const latencyMs = call.elapsedMs();
  const details = detailsOf(call, served, measured);
  const { shortfall } = await repeatedly(
    gateway,
    { requestId, usage, amount: String(amount) },
    () =>
      gateway.access.settle({
        requestId,
        organizationId: key.organizationId,
        apiKeyId: key.apiKeyId,
        userId: key.userId,
        costCenterId: key.costCenterId,
        applicationId: null,
        tags: key.tags,
        meters: [],
        amount,
        usage,
        outcome,
        model: request.model,
        priceId: price.id,
        channel: served.channel.id,
        authorizedAt,
        latencyMs,
        firstTokenMs: call.firstTokenMs,
        details,
      }),
  );
  call.measure.settled(outcome, shortfall);
}

function detailsOf(
  { admission }: RunningCall,
  { channel, attempts }: Served,
  { made, abort }: Measured,
): CallDetails {
  const { request, price, multiplierMillionths, surface } = admission;
  const costNanos = costOf(channel.cost, { model: request.model, list: price, usage: made });
  const upstreamModel = channel.aliases.get(request.model);
  return {
    ...{ attempts, multiplierMillionths },
    ...(abort && { abort }),
    ...(costNanos !== undefined && { costNanos }),
    ...(surface.name !== usualSurface && { surface: surface.name, dialect: surface.dialect }),
    ...(upstreamModel !== undefined && { upstreamModel }),
  };
}

/** Calls of it say nothing of it: they are the most, and their rows the smallest. */
const usualSurface = 'openai.chat';

/** Gives the hold back: nothing is billed. */
export async function releaseCall(gateway: Gateway, call: RunningCall): Promise<void> {
  const { requestId, key, surface } = call.admission;
  if (!surface.isBilled) return;
  await repeatedly(gateway, { requestId }, () =>
    gateway.access.release({ requestId, organizationId: key.organizationId }),
  );
}

/** Settling and releasing are idempotent by the request id, so that a lost answer is simply asked for again. */
async function repeatedly<T>(
  gateway: Gateway,
  record: { requestId: string; usage?: Usage; amount?: string },
  write: () => Promise<T>,
): Promise<T> {
  const { settleAttemptsMax, settleRetryMs } = gateway.limits;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt >= settleAttemptsMax) {
        gateway.platform.log.error({ err: error, ...record }, 'a call could not be recorded');
        throw error;
      }
      gateway.platform.log.warn({ err: error, ...record }, 'a call was not recorded; trying again');
      await sleep(settleRetryMs * 2 ** (attempt - 1));
    }
  }
}
