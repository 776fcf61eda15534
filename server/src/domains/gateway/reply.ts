/** Answers of the gateway, written straight to the connection. */
import type { ServerResponse } from 'node:http';
import { errorBody, type OpenAiRefusal } from './core/openai-error.ts';

/** Headers of every answer. */
export function answerHeaders(requestId: string): Record<string, string> {
  return { 'x-request-id': requestId, 'x-content-type-options': 'nosniff' };
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

export function sendRefusal(
  response: ServerResponse,
  requestId: string,
  refusal: OpenAiRefusal,
): void {
  sendAnswer(response, requestId, {
    status: refusal.status,
    contentType: 'application/json',
    body: errorBody(refusal),
    retryAfterSeconds: refusal.retryAfterSeconds,
    closes: refusal.status === 413 || refusal.status === 503,
  });
}

/** Ends a stream that broke: its SDK throws what this event says. */
export function endWithError(response: ServerResponse, refusal: OpenAiRefusal): void {
  if (response.destroyed) return;
  response.end(`data: ${errorBody(refusal)}\n\n`);
}
