/** Sends a prepared answer the way its scenario wants, and writes down what really left. */

import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Call, CallLog } from './call-log.ts';
import { errorJson, errorOfStatus, leadOf, type PreparedAnswer } from './openai-answer.ts';
import type { ErrorAnswer } from './openai-request.ts';
import type { Scenario } from './scenario.ts';

export interface Delivery {
  response: ServerResponse;
  call: Call;
  log: CallLog;
  scenario: Scenario;
}

export function deliver(delivery: Delivery, answer: PreparedAnswer): void | Promise<void> {
  const { response, call, log, scenario } = delivery;
  response.once('close', () => log.end(call, 'aborted_by_client'));
  if (isPlain(scenario)) return sendAtOnce(delivery, answer);
  return sendSlowly(delivery, answer);
}

export function sendError(response: ServerResponse, requestId: string, error: ErrorAnswer): void {
  const body = errorJson(error);
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
  });
  response.end(body);
}

/** Only the length and the reported usage are bent: neither changes how the answer travels. */
function isPlain(scenario: Scenario): boolean {
  return (
    scenario.slowMs === undefined &&
    scenario.chunkDelayMs === undefined &&
    scenario.breakAfter === undefined &&
    scenario.hangAfter === undefined &&
    scenario.errorEventAfter === undefined &&
    scenario.hang === undefined &&
    scenario.status === undefined &&
    scenario.splitBytes === undefined
  );
}

/** One write for all events: the busy path of benches, where a write per event would cost more than everything else. */
function sendAtOnce(delivery: Delivery, answer: PreparedAnswer): void {
  const { response, call } = delivery;
  const lead = leadFor(call);
  writeHead(response, call, call.stream ? undefined : lead.length + byteLength(answer));
  call.tokensSent = answer.tokensThrough.at(-1) ?? 0;
  finish(delivery, lead + answer.rests.join(lead));
}

function byteLength(answer: PreparedAnswer): number {
  return answer.rests.reduce((sum, rest) => sum + Buffer.byteLength(rest), 0);
}

async function sendSlowly(delivery: Delivery, answer: PreparedAnswer): Promise<void> {
  const { response, call, log, scenario } = delivery;
  if (scenario.hang) return;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    if (scenario.slowMs) await wait(scenario.slowMs, undefined, { signal: gone.signal });
    if (scenario.status !== undefined) return refuse(delivery, scenario.status);
    if (call.stream) await sendEvents(delivery, answer, gone.signal);
    else sendDocument(delivery, answer);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    log.end(call, 'aborted_by_client');
  }
}

function refuse({ response, call, log, scenario }: Delivery, status: number): void {
  call.status = status;
  if (scenario.retryAfterSeconds !== undefined) {
    response.setHeader('retry-after', scenario.retryAfterSeconds);
  }
  log.end(call, 'refused');
  sendError(response, call.id, errorOfStatus(status, scenario.errorCode));
}

async function sendEvents(
  delivery: Delivery,
  answer: PreparedAnswer,
  gone: AbortSignal,
): Promise<void> {
  const { response, call, scenario } = delivery;
  const lead = leadFor(call);
  writeHead(response, call, undefined);
  response.flushHeaders();
  for (const [index, rest] of answer.rests.entries()) {
    if (index > 0 && scenario.chunkDelayMs)
      await wait(scenario.chunkDelayMs, undefined, { signal: gone });
    // The first event carries a role and no word, so a limit of zero still lets it through.
    if (index > 0 && (await endEarly(delivery))) return;
    await writeEvent(delivery, lead + rest, gone);
    call.tokensSent = answer.tokensThrough[index] ?? 0;
  }
  finish(delivery, '');
}

/** True when the scenario ends the stream at this point: by a broken connection, an error event, or silence. */
async function endEarly({ response, call, log, scenario }: Delivery): Promise<boolean> {
  const sent = call.tokensSent;
  if (scenario.breakAfter !== undefined && sent >= scenario.breakAfter) {
    await drained(response);
    log.end(call, 'broken');
    response.destroy();
    return true;
  }
  if (scenario.errorEventAfter !== undefined && sent >= scenario.errorEventAfter) {
    log.end(call, 'broken');
    response.end(`data: ${errorJson(errorOfStatus(500, scenario.errorCode))}\n\n`);
    return true;
  }
  return scenario.hangAfter !== undefined && sent >= scenario.hangAfter;
}

/** Destroying a socket throws away what it still holds; what we counted as sent must leave first. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.write('', () => resolve()));
}

async function writeEvent(
  { response, scenario }: Delivery,
  event: string,
  gone: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(event);
  const pieceBytes = scenario.splitBytes ?? bytes.length;
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    if (start > 0) await wait(0, undefined, { signal: gone });
    const isTaken = response.write(bytes.subarray(start, start + pieceBytes));
    if (!isTaken) await untilDrained(response, gone);
  }
}

function untilDrained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new Error('The caller left.'));
    if (gone.aborted) return leave();
    gone.addEventListener('abort', leave, { once: true });
    response.once('drain', () => {
      gone.removeEventListener('abort', leave);
      resolve();
    });
  });
}

/** A break of a document comes in its middle: the announced length is never reached. */
function sendDocument(delivery: Delivery, answer: PreparedAnswer) {
  const { response, call, log, scenario } = delivery;
  if (scenario.hangAfter !== undefined) return;
  if (scenario.breakAfter === undefined) return sendAtOnce(delivery, answer);
  const document = leadFor(call) + answer.rests.join('');
  writeHead(response, call, Buffer.byteLength(document));
  response.write(document.slice(0, document.length / 2), () => {
    log.end(call, 'broken');
    response.destroy();
  });
}

function leadFor(call: Call): string {
  const createdAtSeconds = Math.floor(call.startedAt / 1_000);
  return leadOf({ id: call.id, createdAtSeconds, stream: call.stream });
}

function writeHead(response: ServerResponse, call: Call, lengthBytes: number | undefined): void {
  const type = call.stream ? 'text/event-stream; charset=utf-8' : 'application/json';
  response.writeHead(200, {
    'content-type': type,
    'x-request-id': call.id,
    ...(call.stream ? { 'cache-control': 'no-cache' } : {}),
    ...(lengthBytes === undefined ? {} : { 'content-length': lengthBytes }),
  });
}

/** A response also counts as finished when its connection was torn down with bytes left in it: that is an abort. */
function finish({ response, call, log }: Delivery, last: string): void {
  const { socket } = response;
  response.end(last, () => log.end(call, socket?.destroyed ? 'aborted_by_client' : 'finished'));
}
