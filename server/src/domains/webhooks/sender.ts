/** Posts to addresses that customers gave: bounded in time and size, never redirected, never into our own network. */
import { Agent, request } from 'undici';
import type { Config } from '../../platform/config.ts';
import { publicLookup } from '../../platform/public-lookup.ts';
import { addressProblem } from './core/address.ts';
import { outcomeOfAnswer, outcomeOfFailure, type SendOutcome } from './core/outcome.ts';

export interface Sender {
  /** Never throws: whatever comes of it is an outcome. */
  send(message: {
    url: string;
    headers: Record<string, string>;
    body: string;
  }): Promise<SendOutcome>;
  close(): Promise<void>;
}

export const sendTimeoutMs = 10_000;
/** More of an answer is not read: 2xx or not is all that counts. */
const answerBytesMax = 4096;
const keepAliveMs = 4_000;
const connectionsMax = 8;

export interface SenderOptions {
  config: Pick<Config, 'mode'>;
  timeoutMs?: number;
}

/** In live mode no name is followed into a private network, whatever it resolves to at the moment of connecting. */
export function openSender({ config, timeoutMs = sendTimeoutMs }: SenderOptions): Sender {
  const agent = new Agent({
    connections: connectionsMax,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    connect: {
      timeout: timeoutMs,
      ...(config.mode === 'live' ? { lookup: publicLookup(() => false) } : {}),
    },
  });
  return {
    async send({ url, headers, body }) {
      const problem = addressProblem(url, config);
      if (problem !== undefined) return outcomeOfFailure('not_allowed', problem);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await request(url, {
          method: 'POST',
          headers: {
            ...headers,
            'content-type': 'application/json',
            'user-agent': 'Sluice-Webhooks/1',
            accept: '*/*',
          },
          body,
          dispatcher: agent,
          signal,
        });
        return outcomeOfAnswer(answer.statusCode, await readStart(answer.body));
      } catch (error) {
        return failureOf(error as Error, { signal, timeoutMs });
      }
    },
    close: () => agent.destroy(),
  };
}

/** The answer was heard once its status was: what breaks off behind it changes nothing. */
async function readStart(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      // Leaving the loop closes the connection.
      if (bytes >= answerBytesMax) break;
    }
  } catch {
    // What arrived before is all there is to show.
  }
  return Buffer.concat(chunks).subarray(0, answerBytesMax);
}

function failureOf(
  error: Error,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): SendOutcome {
  const { code } = error as NodeJS.ErrnoException;
  if (signal.aborted || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return outcomeOfFailure('timed_out', `No answer within ${timeoutMs / 1000} seconds.`);
  }
  if (/is in a private network$/.test(error.message)) {
    return outcomeOfFailure('not_allowed', error.message);
  }
  return outcomeOfFailure('unreachable', error.message || code || 'The connection failed.');
}
