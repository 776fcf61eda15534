/** One call from its first byte to its bill: admit, attempt, settle, and only then the last bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../../../platform/errors.ts';
import type { RateDecision } from '../../access/index.ts';
import { CallMeasure } from '../call-measure.ts';
import { type Ending, endingHere, endingUpstream } from '../core/call-ending.ts';
import { rateHeaders } from '../core/rate-headers.ts';
import { refusals } from '../core/refusals.ts';
import { type Route, speechOf } from '../core/surfaces.ts';
import { upstreamsWords } from '../core/upstream-words.ts';
import type { Gateway } from '../gateway.ts';
import { Refused } from '../refused.ts';
import { endWithError, sendAnswer, sendRefusal } from '../reply.ts';
import { RunningCall } from '../running-call.ts';
import type { CallersFault } from '../upstream-exchange.ts';
import { type Admission, admitCall, findKey } from './admit-call.ts';
import { attemptCall } from './attempt-call.ts';
import { type BilledEnd, isOwed } from './measure-call.ts';
import { CallerGone, readBody } from './read-body.ts';
import { releaseCall, settleCall } from './settle-call.ts';

interface Exchange {
  /** Of the request, and of the call that it is. */
  requestId: string;
  request: IncomingMessage;
  ip: string;
  response: ServerResponse;
  route: Route;
}

/** Serves a call and never throws: what goes wrong is answered or, without anybody to answer, logged. */
export async function relayCall(gateway: Gateway, exchange: Exchange): Promise<void> {
  const { requestId, request, response, ip, route } = exchange;
  const arrivedMs = performance.now();
  const measure = new CallMeasure(gateway, {
    ...{ requestId, response, arrivedMs, surface: route.surface },
    traceparent: headerOf(request.headers.traceparent),
  });
  // A write to a connection that has just broken is told here, and to nobody else.
  response.on('error', () => undefined);
  try {
    refuseWhenFull(gateway);
    const { headers } = request;
    const key = await findKey(gateway, { headers, ip });
    const body = await readBody(gateway, request);
    try {
      const onRates = ({ states }: RateDecision) => {
        const { dialect } = route.surface;
        const told = rateHeaders(states, { dialect, now: gateway.platform.clocks.wall() });
        for (const [name, value] of Object.entries(told)) {
          if (!response.headersSent) response.setHeader(name, value);
        }
      };
      const { surface, ...said } = route;
      const address = { ...said, headers };
      const { onModel } = measure;
      const called = { requestId, key, surface, body, address, onRates, onModel };
      const admission = await measure.within('authorize', () => admitCall(gateway, called));
      await runCall(gateway, { admission, body, response, arrivedMs, measure });
    } finally {
      gateway.calls.giveBytes(body.length);
    }
  } catch (error) {
    measure.note(answerFailure(gateway, exchange, { measure, error }), null);
  } finally {
    measure.end();
  }
}

function headerOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}

function refuseWhenFull({ calls }: Gateway): void {
  if (calls.isClosing) throw new Refused(refusals.closing);
  if (!calls.hasRoom()) throw new Refused(refusals.overloaded);
}

function answerFailure(
  gateway: Gateway,
  { requestId, response, route }: Exchange,
  { measure, error }: { measure: CallMeasure; error: unknown },
): Ending | undefined {
  if (error instanceof CallerGone) return undefined;
  const isUnavailable = error instanceof Refusal && error.status === 503;
  const isExpected = error instanceof Refused || isUnavailable;
  if (!isExpected) gateway.platform.log.error({ err: error, requestId }, 'a call failed here');
  const others = isUnavailable ? refusals.unavailable : refusals.internal;
  const refusal = error instanceof Refused ? error.refusal : others;
  measure.refused(refusal);
  if (response.headersSent) response.destroy();
  else sendRefusal(response, { requestId, speech: speechOf(route.surface.dialect), refusal });
  return endingHere(refusal);
}

async function runCall(
  gateway: Gateway,
  started: {
    admission: Admission;
    body: Buffer;
    response: ServerResponse;
    arrivedMs: number;
    measure: CallMeasure;
  },
): Promise<void> {
  const call = new RunningCall(gateway, started);
  try {
    const ending = await finishCall(gateway, call);
    started.measure.note(call.isCallerGone ? undefined : ending, call.firstTokenMs);
  } finally {
    call.end();
    const { hasLease, key, requestId } = call.admission;
    if (hasLease) await gateway.rates.give({ ...key, requestId }, { tokens: call.usedTokens });
  }
}

async function finishCall(gateway: Gateway, call: RunningCall): Promise<Ending | undefined> {
  const attempted = await attemptCall(gateway, call);
  if (attempted.kind === 'unserved') {
    const { refusal } = attempted;
    await releaseCall(gateway, call);
    if (refusal === refusals.noChannel && (await countHere(gateway, call))) {
      call.measure.settled('completed');
      return 'served';
    }
    call.measure.refused(refusal, 'unserved');
    sendRefusal(call.response, { ...call.spoken, refusal });
    return endingUpstream(refusal);
  }
  const { end, channel, surface, attempts } = attempted;
  if (end.kind === 'callers_fault') {
    await releaseCall(gateway, call);
    call.measure.callersFault();
    passOn(call, end, { apiKey: channel.apiKey, surface });
    return undefined;
  }
  if (end.kind === 'cut' && !isOwed(call, end)) {
    await releaseCall(gateway, call);
    call.measure.refused(refusals.upstreamFailed, 'unserved');
    sendRefusal(call.response, { ...call.spoken, refusal: refusals.upstreamFailed });
    return gateway.calls.isClosing ? 'failed_here' : 'failed_upstream';
  }
  await call.measure.within('settle', () =>
    settleCall(gateway, call, { end, channel, surface, attempts }),
  );
  return finish(call, end);
}

/** Where no upstream could count tokens, they are counted here, near enough; false for calls that ask for more. */
async function countHere(gateway: Gateway, call: RunningCall): Promise<boolean> {
  const { response, spoken, admission } = call;
  const { surface } = admission;
  if (surface.describeCount === undefined) return false;
  const tokens = await gateway.counter.countRequest(surface.name, call.body);
  const body = surface.describeCount(tokens);
  sendAnswer(response, spoken.requestId, { status: 200, contentType: 'application/json', body });
  return true;
}

/** The upstream's words about the caller's mistake, unless they tell what is the channel's own. */
function passOn(
  { response, spoken, admission }: RunningCall,
  end: CallersFault,
  upstream: { apiKey: string; surface: Admission['surface'] },
): void {
  const isTelling = end.body.includes(upstream.apiKey);
  const isOwnDialect = upstream.surface.dialect === admission.surface.dialect;
  if (isOwnDialect && !isTelling) sendAnswer(response, spoken.requestId, end);
  else {
    const refusal = isTelling ? refusals.upstreamRefused : upstreamsWords(end);
    sendRefusal(response, { ...spoken, refusal });
  }
}

/** Sends what was held back until the bill was durable. */
function finish({ response, spoken }: RunningCall, end: BilledEnd): Ending | undefined {
  if (end.kind === 'cut' || response.destroyed) return undefined;
  if (end.kind === 'answer') {
    const { contentType, converted: body } = end;
    sendAnswer(response, spoken.requestId, { status: 200, contentType, body });
  } else if (end.isWhole) end.relay.finish();
  else {
    endWithError(response, { ...spoken, refusal: refusals.upstreamBroke });
    return 'failed_upstream';
  }
  return 'served';
}
