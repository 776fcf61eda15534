import type { FailureReason } from '@sluice/contract/gateway';
import type { Context } from '../../../platform/context.ts';
import type { Channel } from '../channels.ts';
import { joinBaseUrl } from '../core/base-url.ts';
import { type Failure, failureReason } from '../core/failure-reason.ts';
import { judgeAnswer } from '../core/upstream-verdict.ts';
import { openDispatcher } from '../upstream-dispatcher.ts';
import { openTarget } from '../upstream-target.ts';

export interface UpstreamAsk {
  method: 'GET' | 'POST';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: object;
  /** As the upstream is asked for it. */
  model?: string;
  /** Takes each piece of a good answer as it comes. */
  onData(chunk: Buffer, isStream: boolean): void;
}

export type UpstreamSaid =
  | { kind: 'answered'; status: number; isStream: boolean }
  | { kind: 'failed'; failure: Failure; reason: FailureReason; body: string };

const limits = { firstByteTimeoutMs: 60_000, idleTimeoutMs: 30_000 };
const totalMs = 90_000;
const bodyBytesMax = 4 * 1024 * 1024;

/** Asks a channel's upstream something for an operator, on a connection of its own, which shows what a new one meets. */
export async function callUpstream(
  context: Context,
  channel: Channel,
  ask: UpstreamAsk,
): Promise<UpstreamSaid> {
  const { config, clocks } = context;
  const dispatcher = openDispatcher({ config, limits }, channel.proxyUrl);
  const hasProxy = channel.proxyUrl !== undefined;
  try {
    const target = openTarget(channel);
    const answer = await dispatcher.request({
      origin: target.origin,
      path: joinBaseUrl(target.path, ask.path),
      method: ask.method,
      headers: [
        ...(ask.method === 'POST' ? target.streamHeaders : target.headers),
        ...Object.entries(ask.headers ?? {}).flat(),
      ],
      body: ask.body === undefined ? null : JSON.stringify(ask.body),
      signal: AbortSignal.timeout(totalMs),
    });
    const { statusCode: status, headers } = answer;
    const isGood = status >= 200 && status < 300;
    const isStream = String(headers['content-type']).startsWith('text/event-stream');
    const kept: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bodyBytesMax) throw new Error('The answer of the upstream is too large.');
      if (isGood) ask.onData(chunk, isStream);
      else kept.push(chunk);
    }
    if (isGood) return { kind: 'answered', status, isStream };
    const body = Buffer.concat(kept);
    const verdict = judgeAnswer(
      { status, headers, body, model: ask.model },
      clocks.wall().getTime(),
    );
    const rest = verdict.kind === 'failed' ? verdict.rest : ({ kind: 'none' } as const);
    const failure = { rest, status };
    const isRefused = verdict.kind === 'callers_fault';
    const reason = isRefused ? 'request_refused' : failureReason(failure, hasProxy);
    return { kind: 'failed', failure, reason, body: body.toString('utf8') };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const isLate = known.name === 'TimeoutError';
    const failure: Failure = { rest: { kind: 'growing' }, status: undefined, error: known };
    const reason = isLate ? 'timeout' : failureReason(failure, hasProxy);
    return { kind: 'failed', failure, reason, body: '' };
  } finally {
    await dispatcher.destroy();
  }
}
