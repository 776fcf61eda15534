/** Sends a prepared answer the way its scenario wants, and writes down what really left. */

import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Call, CallLog } from './call-log.ts';
import type { Scenario } from './scenario.ts';

/** An answer that lacks only what differs from call to call, such as its id. */
export interface PreparedAnswer {
  completionTokens: number;
  promptTokens: number;
  /** How many output tokens have been sent once the event of that index has been. */
  tokensThrough: number[];
  /** Every event of a stream, or the one document. */
  partsFor(call: Call): string[];
  /** All of them together. */
  textFor(call: Call): string;
}

/** How a dialect says what has nothing to do with a model. */
export interface DialectVoice {
  /** The header by which a caller quotes its call. */
  idHeader: string;
  /** The body of an error that a scenario asked for; `code` in place of its usual word. */
  errorJson(status: number, code: string | undefined, id: string): string;
  /** The last event of a stream that breaks with an error. */
  errorEvent(code: string | undefined, id: string): string;
}

export interface Delivery {
  response: ServerResponse;
  call: Call;
  log: CallLog;
  scenario: Scenario;
  voice: DialectVoice;
}

export function deliver(delivery: Delivery, answer: PreparedAnswer): void | Promise<void> {
  const { response, call, log, scenario } = delivery;
  response.once('close', () => log.end(call, 'aborted_by_client'));
  if (isPlain(scenario)) return sendAtOnce(delivery, answer);
  return sendSlowly(delivery, answer);
}

export function sendErrorJson(
  response: ServerResponse,
  error: { status: number; json: string; id: string; idHeader: string },
): void {
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(error.json),
    [error.idHeader]: error.id,
  });
  response.end(error.json);
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
  const { call } = delivery;
  const text = answer.textFor(call);
  writeHead(delivery, call.stream ? undefined : Buffer.byteLength(text));
  call.tokensSent = answer.tokensThrough.at(-1) ?? 0;
  finish(delivery, text);
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

function refuse({ response, call, log, scenario, voice }: Delivery, status: number): void {
  call.status = status;
  if (scenario.retryAfterSeconds !== undefined) {
    response.setHeader('retry-after', scenario.retryAfterSeconds);
  }
  log.end(call, 'refused');
  const json = voice.errorJson(status, scenario.errorCode, call.id);
  sendErrorJson(response, { status, json, id: call.id, idHeader: voice.idHeader });
}

async function sendEvents(
  delivery: Delivery,
  answer: PreparedAnswer,
  gone: AbortSignal,
): Promise<void> {
  const { response, call, scenario } = delivery;
  writeHead(delivery, undefined);
  response.flushHeaders();
  for (const [index, event] of answer.partsFor(call).entries()) {
    if (index > 0 && scenario.chunkDelayMs)
      await wait(scenario.chunkDelayMs, undefined, { signal: gone });
    // The first event carries no word of the answer, so a limit of zero still lets it through.
    if (index > 0 && (await endEarly(delivery))) return;
    await writeEvent(delivery, event, gone);
    call.tokensSent = answer.tokensThrough[index] ?? 0;
  }
  finish(delivery, '');
}

/** True when the scenario ends the stream at this point: by a broken connection, an error event, or silence. */
async function endEarly({ response, call, log, scenario, voice }: Delivery): Promise<boolean> {
  const sent = call.tokensSent;
  if (scenario.breakAfter !== undefined && sent >= scenario.breakAfter) {
    await drained(response);
    log.end(call, 'broken');
    response.destroy();
    return true;
  }
  if (scenario.errorEventAfter !== undefined && sent >= scenario.errorEventAfter) {
    log.end(call, 'broken');
    response.end(voice.errorEvent(scenario.errorCode, call.id));
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
  const document = answer.textFor(call);
  writeHead(delivery, Buffer.byteLength(document));
  response.write(document.slice(0, document.length / 2), () => {
    log.end(call, 'broken');
    response.destroy();
  });
}

function writeHead({ response, call, voice }: Delivery, lengthBytes: number | undefined): void {
  const type = call.stream ? 'text/event-stream; charset=utf-8' : 'application/json';
  response.writeHead(200, {
    'content-type': type,
    [voice.idHeader]: call.id,
    ...(call.stream ? { 'cache-control': 'no-cache' } : {}),
    ...(lengthBytes === undefined ? {} : { 'content-length': lengthBytes }),
  });
}

/** A response also counts as finished when its connection was torn down with bytes left in it: that is an abort. */
function finish({ response, call, log }: Delivery, last: string): void {
  const { socket } = response;
  response.end(last, () => log.end(call, socket?.destroyed ? 'aborted_by_client' : 'finished'));
}
