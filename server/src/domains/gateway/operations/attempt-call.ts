import type { Span } from '../../../platform/tracing.ts';
import type { Channel } from '../channels.ts';
import type { CallRefusal } from '../core/call-refusal.ts';
import type { Surface } from '../core/dialect.ts';
import { refusals } from '../core/refusals.ts';
import type { Gateway } from '../gateway.ts';
import { answerHeaders } from '../reply.ts';
import type { RunningCall } from '../running-call.ts';
import { type ExchangeEnd, UpstreamExchange } from '../upstream-exchange.ts';
import { noteFailedAttempt } from './note-failed-attempt.ts';
import { CallRouter, type Way } from './route-call.ts';

export type AttemptEnd =
  | {
      kind: 'ended';
      end: Exclude<ExchangeEnd, { kind: 'failed' }>;
      channel: Channel;
      /** What the upstream was asked. */
      surface: Surface;
      /** Upstreams that were tried, this one included. */
      attempts: number;
    }
  /** No channel could serve the call, and nothing has reached the caller. */
  | { kind: 'unserved'; refusal: CallRefusal };

/** With what an upstream is told of the trace, where there is one. */
type TracedWay = Way & { traceparent: string | undefined };

/** Tries channels until one serves the call; a call of which the caller has seen a byte is never tried again. */
export async function attemptCall(gateway: Gateway, call: RunningCall): Promise<AttemptEnd> {
  const { channels, limits, platform } = gateway;
  const { requestId } = call.admission;
  const router = new CallRouter(gateway, call);
  let refusal: CallRefusal | undefined;
  let wasReset = false;
  for (let attempts = 0; attempts < limits.attemptsMax && !call.isOver; attempts += 1) {
    let way = router.next();
    if (way === undefined && wasReset) {
      // A kept connection may have been closed just as the call was sent: once more, on a new one.
      wasReset = false;
      router.startOver();
      way = router.next();
    }
    if (way === undefined) break;
    const { channel } = way;
    const end = await tryTraced(gateway, call, way);
    if (end.kind !== 'failed') {
      return { kind: 'ended', end, channel, surface: way.surface, attempts: attempts + 1 };
    }
    if (channels.hasOtherKey(channel, end.rest)) router.forgive(channel);
    wasReset = attempts === 0 && isReset(end);
    refusal = refusalOfStatus(end.status);
    platform.log.warn(
      { requestId, channel: channel.id, status: end.status, err: end.error },
      'an upstream failed',
    );
  }
  return { kind: 'unserved', refusal: refusal ?? router.refusal ?? noChannel(gateway, call) };
}

/** Too busy is told as such, for callers wait longer then. */
function refusalOfStatus(status: number | undefined): CallRefusal {
  if (status === 429) return refusals.upstreamBusy;
  return status === 503 || status === 529 ? refusals.upstreamOverloaded : refusals.upstreamFailed;
}

/** One attempt, as a span of its own where calls are traced. */
function tryTraced(gateway: Gateway, call: RunningCall, way: Way): Promise<ExchangeEnd> {
  const tryIt = async (span: Span | undefined) => {
    const end = await tryWay(gateway, call, { ...way, traceparent: span?.traceparent });
    span?.set({
      'sluice.channel': way.channel.id,
      'http.response.status_code': 'status' in end ? end.status : 200,
    });
    if (end.kind === 'failed') span?.fail('upstream failed');
    return end;
  };
  return call.measure.within('upstream attempt', tryIt, 'client');
}

/** Whatever happens, the channel has its slot back, and the pool knows how it did. */
async function tryWay(gateway: Gateway, call: RunningCall, way: TracedWay): Promise<ExchangeEnd> {
  const { channel, body } = way;
  const startedMs = performance.now();
  try {
    const end = await attempt(gateway, call, way);
    if (end.kind === 'failed') noteFailedAttempt(gateway, call, { channel, end, body });
    else noteHealth(gateway, call, { channel, end, startedMs });
    return end;
  } finally {
    gateway.channels.release(channel);
  }
}

/** Says when it is worth asking again. */
function noChannel({ channels }: Gateway, { admission }: RunningCall): CallRefusal {
  const waitMs = channels.waitMs(admission.request.model) ?? 0;
  if (waitMs === 0) return refusals.noChannel;
  return { ...refusals.noChannel, retryAfterSeconds: Math.ceil(waitMs / 1000) };
}

/** What was cut from this side says nothing of the channel. */
function noteHealth(
  gateway: Gateway,
  call: RunningCall,
  served: {
    channel: Channel;
    end: Exclude<ExchangeEnd, { kind: 'failed' }>;
    startedMs: number;
  },
): void {
  const { channel, end } = served;
  if (end.kind === 'cut' || (end.kind === 'stream' && !end.isWhole && call.isOver)) return;
  if (end.kind !== 'stream' || end.isWhole) {
    gateway.channels.succeeded(channel, Math.round(performance.now() - served.startedMs));
  } else {
    // What it cost is on the call's receipt.
    noteFailedAttempt(gateway, call, { channel, end: { rest: { kind: 'growing' } } });
  }
}

/** Whether the connection broke without a word; silence is another matter, and not worth the same wait again. */
function isReset(end: Extract<ExchangeEnd, { kind: 'failed' }>): boolean {
  const { code } = (end.error ?? {}) as { code?: string };
  return end.status === undefined && code !== 'UND_ERR_HEADERS_TIMEOUT';
}

async function attempt(gateway: Gateway, call: RunningCall, way: TracedWay): Promise<ExchangeEnd> {
  const { request, requestId } = call.admission;
  const { channel, surface, conversion, path, headers, body } = way;
  const startedMs = performance.now();
  const exchange = new UpstreamExchange({
    response: call.response,
    headers: answerHeaders(requestId),
    surface,
    model: channel.aliases.get(request.model) ?? request.model,
    wantsUsage: request.wantsUsage,
    conversion,
    limits: gateway.limits,
    nowMs: () => gateway.platform.clocks.wall().getTime(),
    onFirstOutput: () => {
      call.firstTokenMs ??= call.elapsedMs();
      gateway.channels.answered(channel, Math.round(performance.now() - startedMs));
    },
  });
  call.attach(exchange);
  const { isStream } = request;
  const traceparent = gateway.platform.tracing?.tellsUpstreams ? way.traceparent : undefined;
  const sent = { channel, path, headers, body, isStream, requestId, traceparent };
  gateway.upstream.send(sent, exchange);
  return exchange.ended;
}
