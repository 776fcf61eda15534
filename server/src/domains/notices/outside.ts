/**
 * HTTP to chats, at hosts that are fixed here: no address of a customer's is ever called. URLs hold the bot's token or a
 * robot's key, so nothing of a call is logged or thrown from here.
 */
import { request } from 'undici';
import type { Context } from '../../platform/context.ts';
import { resolveSandboxUrl } from '../../platform/http/sandbox-proxy.ts';

const patienceMs = 10_000;
const answerBytesMax = 256 * 1024;

export interface Service {
  /** Where the vendor serves it. */
  live: string;
  /** Below our own `/sandbox/`. */
  sandbox: string;
}

/**
 * `answered` with any status; `not_sent`: no connection was made, so nothing has happened there; `unanswered`: something
 * may have.
 */
export type Exchange =
  | { kind: 'answered'; status: number; body: Record<string, unknown> }
  | { kind: 'not_sent' }
  | { kind: 'unanswered' };

export async function post(
  { config }: Context,
  service: Service,
  call: { path: string; body: object },
): Promise<Exchange> {
  const isSandbox = config.mode === 'sandbox';
  const base = isSandbox ? `${config.publicUrl}${service.sandbox}` : service.live;
  try {
    const answer = await request(resolveSandboxUrl(`${base}${call.path}`), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call.body),
      headersTimeout: patienceMs,
      bodyTimeout: patienceMs,
      signal: AbortSignal.timeout(patienceMs),
    });
    return { kind: 'answered', status: answer.statusCode, body: await readJson(answer.body) };
  } catch (error) {
    return { kind: neverLeft.has(codeOf(error)) ? 'not_sent' : 'unanswered' };
  }
}

/** Errors that come before a connection stands. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? '');
}

type AnswerBody = Awaited<ReturnType<typeof request>>['body'];

/** What is no JSON object, or too large for one, is an empty one: the status says enough. */
async function readJson(body: AnswerBody): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) {
      body.destroy();
      return {};
    }
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
