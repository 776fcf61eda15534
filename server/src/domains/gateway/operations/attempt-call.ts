import type { Channel } from '../channels.ts';
import { type OpenAiRefusal, refusals } from '../core/openai-error.ts';
import { type Edit, splice } from '../core/splice.ts';
import type { Gateway } from '../gateway.ts';
import { answerHeaders } from '../reply.ts';
import type { RunningCall } from '../running-call.ts';
import { type ExchangeEnd, UpstreamExchange } from '../upstream-exchange.ts';

export type AttemptEnd =
  | { kind: 'ended'; end: Exclude<ExchangeEnd, { kind: 'failed' }>; channel: Channel }
  /** No channel could serve the call, and nothing has reached the caller. */
  | { kind: 'unserved'; refusal: OpenAiRefusal };

/** Tries channels until one serves the call; a call of which the caller has seen a byte is never tried again. */
export async function attemptCall(gateway: Gateway, call: RunningCall): Promise<AttemptEnd> {
  const { channels, limits, platform } = gateway;
  const { request, requestId } = call.admission;
  const tried = new Set<string>();
  let refusal: OpenAiRefusal = refusals.noChannel;
  let wasReset = false;
  for (let attempts = 0; attempts < limits.attemptsMax && !call.isOver; attempts += 1) {
    let channel = channels.take(request.model, tried);
    if (channel === undefined && wasReset) {
      // A kept connection may have been closed just as the call was sent: once more, on a new one.
      wasReset = false;
      tried.clear();
      channel = channels.take(request.model, tried);
    }
    if (channel === undefined) break;
    tried.add(channel.id);
    const end = await attempt(gateway, call, channel);
    channels.release(channel);
    if (end.kind !== 'failed') {
      noteHealth(gateway, call, { channel, end });
      return { kind: 'ended', end, channel };
    }
    channels.failed(channel, end.rest);
    wasReset = attempts === 0 && isReset(end);
    refusal = end.status === 429 ? refusals.upstreamBusy : refusals.upstreamFailed;
    platform.log.warn(
      { requestId, channel: channel.id, status: end.status, err: end.error },
      'an upstream failed',
    );
  }
  return { kind: 'unserved', refusal };
}

/** What was cut from this side says nothing of the channel. */
function noteHealth(
  { channels }: Gateway,
  call: RunningCall,
  { channel, end }: { channel: Channel; end: Exclude<ExchangeEnd, { kind: 'failed' }> },
): void {
  if (end.kind === 'cut' || (end.kind === 'stream' && !end.isWhole && call.isOver)) return;
  if (end.kind === 'stream' && !end.isWhole) channels.failed(channel, { kind: 'growing' });
  else channels.succeeded(channel);
}

/** Whether the connection broke without a word; silence is another matter, and not worth the same wait again. */
function isReset(end: Extract<ExchangeEnd, { kind: 'failed' }>): boolean {
  const { code } = (end.error ?? {}) as { code?: string };
  return end.status === undefined && code !== 'UND_ERR_HEADERS_TIMEOUT';
}

async function attempt(
  gateway: Gateway,
  call: RunningCall,
  channel: Channel,
): Promise<ExchangeEnd> {
  const { request, requestId } = call.admission;
  const exchange = new UpstreamExchange({
    response: call.response,
    headers: answerHeaders(requestId),
    wantsUsage: request.wantsUsage,
    limits: gateway.limits,
    nowMs: () => gateway.platform.clocks.wall().getTime(),
    onFirstOutput: () => {
      call.firstTokenMs ??= call.elapsedMs();
    },
  });
  call.attach(exchange);
  const body = splice(call.body, editsFor(channel, call));
  gateway.upstream.send({ channel, body, isStream: request.isStream, requestId }, exchange);
  return exchange.ended;
}

function editsFor(channel: Channel, { admission: { request } }: RunningCall): readonly Edit[] {
  const alias = channel.aliases.get(request.model);
  if (alias === undefined) return request.usageEdits;
  const { start, end } = request.modelAt;
  return [...request.usageEdits, { start, end, text: JSON.stringify(alias) }];
}
