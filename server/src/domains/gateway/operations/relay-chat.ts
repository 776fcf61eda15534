/** One chat completion from its first byte to its bill: admit, attempt, settle, and only then the last bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { RateDecision } from '../../access/index.ts';
import { refusals } from '../core/openai-error.ts';
import { rateHeaders } from '../core/rate-headers.ts';
import type { Gateway } from '../gateway.ts';
import { Refused } from '../refused.ts';
import { endWithError, sendAnswer, sendRefusal } from '../reply.ts';
import { RunningCall } from '../running-call.ts';
import type { CallersFault } from '../upstream-exchange.ts';
import { type Admission, admitCall, findKey } from './admit-call.ts';
import { attemptCall } from './attempt-call.ts';
import { CallerGone, readBody } from './read-body.ts';
import { type BilledEnd, releaseCall, settleCall } from './settle-call.ts';

interface Exchange {
  request: IncomingMessage;
  ip: string;
  response: ServerResponse;
}

/** Serves a call and never throws: what goes wrong is answered or, without anybody to answer, logged. */
export async function relayChat(gateway: Gateway, exchange: Exchange): Promise<void> {
  const { request, response, ip } = exchange;
  const arrivedMs = performance.now();
  const requestId = newId('req', gateway.platform.clocks.business());
  // A write to a connection that has just broken is told here, and to nobody else.
  response.on('error', () => undefined);
  try {
    refuseWhenFull(gateway);
    const key = await findKey(gateway, { headers: request.headers, ip });
    const body = await readBody(gateway, request);
    try {
      const onRates = ({ states }: RateDecision) => {
        for (const [name, value] of Object.entries(rateHeaders(states))) {
          if (!response.headersSent) response.setHeader(name, value);
        }
      };
      const admission = await admitCall(gateway, { requestId, key, body, onRates });
      await runCall(gateway, { admission, body, response, arrivedMs });
    } finally {
      gateway.calls.giveBytes(body.length);
    }
  } catch (error) {
    answerFailure(gateway, { response, requestId, error });
  }
}

function refuseWhenFull({ calls }: Gateway): void {
  if (calls.isClosing) throw new Refused(refusals.closing);
  if (!calls.hasRoom()) throw new Refused(refusals.overloaded);
}

function answerFailure(
  gateway: Gateway,
  failure: { response: ServerResponse; requestId: string; error: unknown },
): void {
  const { response, requestId, error } = failure;
  if (error instanceof CallerGone) return;
  const isUnavailable = error instanceof Refusal && error.status === 503;
  const isExpected = error instanceof Refused || isUnavailable;
  if (!isExpected) gateway.platform.log.error({ err: error, requestId }, 'a call failed here');
  if (response.headersSent) response.destroy();
  else if (error instanceof Refused) sendRefusal(response, requestId, error.refusal);
  else sendRefusal(response, requestId, isUnavailable ? refusals.unavailable : refusals.internal);
}

async function runCall(
  gateway: Gateway,
  started: { admission: Admission; body: Buffer; response: ServerResponse; arrivedMs: number },
): Promise<void> {
  const call = new RunningCall(gateway, started);
  try {
    const attempted = await attemptCall(gateway, call);
    if (attempted.kind === 'unserved') {
      await releaseCall(gateway, call);
      return sendRefusal(call.response, call.admission.requestId, attempted.refusal);
    }
    const { end, channel } = attempted;
    if (end.kind === 'callers_fault') {
      await releaseCall(gateway, call);
      return passOn(call, end, channel.apiKey);
    }
    if (end.kind === 'cut' && !(end.wasSent && call.isCallerGone)) {
      await releaseCall(gateway, call);
      return sendRefusal(call.response, call.admission.requestId, refusals.upstreamFailed);
    }
    await settleCall(gateway, call, { end, channelId: channel.id });
    finish(call, end);
  } finally {
    call.end();
    const { hasLease, key, requestId } = call.admission;
    if (hasLease) await gateway.rates.give({ ...key, requestId }, { tokens: call.usedTokens });
  }
}

/** The upstream's words about the caller's mistake, unless they tell what is the channel's own. */
function passOn(
  { response, admission: { requestId } }: RunningCall,
  end: CallersFault,
  apiKey: string,
): void {
  const isTelling = end.body.includes(apiKey);
  if (isTelling) sendRefusal(response, requestId, refusals.upstreamRefused);
  else sendAnswer(response, requestId, end);
}

/** Sends what was held back until the bill was durable. */
function finish({ response, admission: { requestId } }: RunningCall, end: BilledEnd): void {
  if (end.kind === 'cut' || response.destroyed) return;
  if (end.kind === 'answer') sendAnswer(response, requestId, { status: 200, ...end });
  else if (end.isWhole) end.relay.finish();
  else endWithError(response, refusals.upstreamBroke);
}
