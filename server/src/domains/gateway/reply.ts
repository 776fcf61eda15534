/** Answers of the gateway, written straight to the connection. */
import type { ServerResponse } from 'node:http';
import type { CallRefusal } from './core/call-refusal.ts';
import type { DialectSpeech } from './core/dialect.ts';

/** Headers of every answer. */
export function answerHeaders(requestId: string): Record<string, string> {
  return {
    'x-request-id': requestId,
    // The name that Anthropic's SDKs look for.
    'request-id': requestId,
    'x-content-type-options': 'nosniff',
  };
}

export interface WholeAnswer {
  status: number;
  contentType: string;
  body: Buffer | string;
  retryAfterSeconds?: number | undefined;
  /** Ends the connection, where the caller may still be sending. */
  closes?: boolean;
}

/** Sends an answer at once; nothing of it may have been sent before. */
export function sendAnswer(response: ServerResponse, requestId: string, answer: WholeAnswer): void {
  if (response.destroyed) return;
  const headers: Record<string, string | number> = answerHeaders(requestId);
  headers['content-type'] = answer.contentType;
  headers['content-length'] = Buffer.byteLength(answer.body);
  if (answer.retryAfterSeconds !== undefined) headers['retry-after'] = answer.retryAfterSeconds;
  if (answer.closes) headers.connection = 'close';
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

export interface Refusing {
  requestId: string;
  speech: DialectSpeech;
  refusal: CallRefusal;
}

export function sendRefusal(response: ServerResponse, refusing: Refusing): void {
  const { requestId, speech, refusal } = refusing;
  sendAnswer(response, requestId, {
    status: speech.statusOf(refusal),
    contentType: 'application/json',
    body: speech.errorBody(refusal),
    retryAfterSeconds: refusal.retryAfterSeconds,
    closes: refusal.status === 413 || refusal.status === 503,
  });
}

/** Ends a stream that broke: its SDK throws what this event says. */
export function endWithError(
  response: ServerResponse,
  { speech, refusal }: Omit<Refusing, 'requestId'>,
): void {
  if (response.destroyed) return;
  response.end(speech.errorEvent(refusal));
}
