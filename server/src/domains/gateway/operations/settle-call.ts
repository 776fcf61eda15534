import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, rate, type Usage } from '../../metering/index.ts';
import { answerText } from '../core/delivered-text.ts';
import { atLeastDelivered, estimatedUsage, readUsage } from '../core/openai-usage.ts';
import type { Gateway } from '../gateway.ts';
import type { RunningCall } from '../running-call.ts';
import type { ExchangeEnd } from '../upstream-exchange.ts';

export type BilledEnd = Extract<ExchangeEnd, { kind: 'answer' | 'stream' | 'cut' }>;

/**
 * Bills what an upstream served. When this answers, the bill is durable.
 * @throws Error after `settleAttemptsMax` tries; the hold then stays until it expires.
 */
export async function settleCall(
  gateway: Gateway,
  call: RunningCall,
  served: { end: BilledEnd; channelId: string },
): Promise<void> {
  const { requestId, key, price, request, authorizedAt } = call.admission;
  const usage = await measure(gateway, call, served.end);
  call.usedTokens = usage.inputTokens + usage.outputTokens;
  const { amount } = rate(price, usage);
  const latencyMs = call.elapsedMs();
  await repeatedly(gateway, { requestId, usage, amount: String(amount) }, () =>
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
      outcome: outcomeOf(call, served.end),
      model: request.model,
      priceId: price.id,
      channel: served.channelId,
      authorizedAt,
      latencyMs,
      firstTokenMs: call.firstTokenMs,
    }),
  );
}

/** Gives the hold back: nothing is billed. */
export async function releaseCall(gateway: Gateway, call: RunningCall): Promise<void> {
  const { requestId, key } = call.admission;
  await repeatedly(gateway, { requestId }, () =>
    gateway.access.release({ requestId, organizationId: key.organizationId }),
  );
}

function outcomeOf(call: RunningCall, end: BilledEnd): Outcome {
  if (call.isCallerGone) return 'aborted';
  if (end.kind === 'answer') return 'completed';
  return end.kind === 'stream' && end.isWhole ? 'completed' : 'upstream_error';
}

/** The upstream's own report where it is the last word; otherwise what was delivered is counted here. */
async function measure(gateway: Gateway, call: RunningCall, end: BilledEnd): Promise<Usage> {
  const reported = end.kind === 'cut' ? undefined : readUsage(usageOf(end));
  const isLastWord = end.kind === 'answer' || (end.kind === 'stream' && hasLastWord(end));
  if (reported && isLastWord) return reported;

  const deliveredTokens = await gateway.counter.countText(deliveredText(call, end));
  if (reported) return atLeastDelivered(reported, deliveredTokens);
  return estimatedUsage(await gateway.counter.countRequest(call.body), deliveredTokens);
}

function usageOf(end: Extract<BilledEnd, { kind: 'answer' | 'stream' }>): unknown {
  return end.kind === 'answer' ? end.usage : end.relay.usage;
}

function hasLastWord(end: Extract<BilledEnd, { kind: 'stream' }>): boolean {
  return end.isWhole || end.relay.isUsageLast;
}

function deliveredText(call: RunningCall, end: BilledEnd): string {
  if (end.kind === 'stream') return end.relay.delivered.text();
  // A whole answer is delivered at once or, to a caller who left, not at all.
  if (end.kind === 'cut' || call.isCallerGone) return '';
  return answerText(end.body.toString('utf8'));
}

/** Settling and releasing are idempotent by the request id, so that a lost answer is simply asked for again. */
async function repeatedly(
  gateway: Gateway,
  record: { requestId: string; usage?: Usage; amount?: string },
  write: () => Promise<unknown>,
): Promise<void> {
  const { settleAttemptsMax, settleRetryMs } = gateway.limits;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write();
      return;
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
