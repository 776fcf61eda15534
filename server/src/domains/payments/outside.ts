/**
 * HTTP to providers, with a limit on everything. URLs, headers and bodies may carry a secret (Credit's `key` is in the
 * query), so nothing of a call is ever logged or thrown from here.
 */
import { request } from 'undici';
import { resolveSandboxUrl } from '../../platform/http/sandbox-proxy.ts';

const patienceMs = 5_000;
const answerBytesMax = 64 * 1024;

export interface Outside {
  /** Where an address of a provider leads: in sandbox mode, to the sandbox's own process. */
  resolve(url: string): string;
  /** The answer, or undefined when there was none within the limits. */
  get(url: string): Promise<OutsideAnswer | undefined>;
  /** Any call, under the same limits. No answer does not say that the call did not arrive. */
  send(call: OutsideCall): Promise<FullAnswer | undefined>;
}

export interface OutsideCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** For answers that are large by nature, such as a day's statement. */
  answerBytesMax?: number;
}

export interface OutsideAnswer {
  status: number;
  text: string;
}

export interface FullAnswer extends OutsideAnswer {
  /** By lower-case name; a header that came several times is joined with commas. */
  headers: Readonly<Record<string, string>>;
  /** The bytes of which `text` is the UTF-8 reading. */
  bytes: Buffer;
}

export const outside = createOutside(patienceMs);

/** @param timeoutMs how long an answer is waited for, all of it. */
export function createOutside(timeoutMs: number): Outside {
  return {
    resolve: resolveSandboxUrl,
    get: (url) => send({ method: 'GET', url, headers: { accept: 'application/json' } }, timeoutMs),
    send: (call) => send(call, timeoutMs),
  };
}

async function send(call: OutsideCall, timeoutMs: number): Promise<FullAnswer | undefined> {
  try {
    // Redirects are not followed: an answer from elsewhere is none.
    const answer = await request(resolveSandboxUrl(call.url), {
      method: call.method,
      headers: { ...call.headers },
      body: call.body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const bytes = await readWithin(answer.body, call.answerBytesMax ?? answerBytesMax);
    if (!bytes) return undefined;
    const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    const text = bytes.toString('utf8');
    return { status: answer.statusCode, text, headers: Object.fromEntries(headers), bytes };
  } catch {
    // No answer is an outcome: it says nothing about the money, and the caller asks again later.
    return undefined;
  }
}

type AnswerBody = Awaited<ReturnType<typeof request>>['body'];

async function readWithin(body: AnswerBody, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      body.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
