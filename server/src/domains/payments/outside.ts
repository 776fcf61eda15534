/**
 * HTTP to providers, with a limit on everything. URLs may carry a secret in their query (Credit's `key`), so neither
 * a URL nor an error that quotes one is ever logged or thrown from here.
 */
import { request } from 'undici';
import { resolveSandboxUrl } from '../../platform/http/sandbox-proxy.ts';

const timeoutMs = 5_000;
const answerBytesMax = 64 * 1024;

export interface Outside {
  /** Where an address of a provider leads: in sandbox mode, to the sandbox's own process. */
  resolve(url: string): string;
  /** The answer, or undefined when there was none within the limits. */
  get(url: string): Promise<OutsideAnswer | undefined>;
}

export interface OutsideAnswer {
  status: number;
  text: string;
}

export const outside: Outside = { resolve: resolveSandboxUrl, get };

async function get(url: string): Promise<OutsideAnswer | undefined> {
  try {
    const answer = await request(resolveSandboxUrl(url), {
      method: 'GET',
      headers: { accept: 'application/json' },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      if (bytes > answerBytesMax) {
        answer.body.destroy();
        return undefined;
      }
      chunks.push(chunk);
    }
    return { status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') };
  } catch {
    // No answer is an outcome: it says nothing about the money, and the caller asks again later.
    return undefined;
  }
}
