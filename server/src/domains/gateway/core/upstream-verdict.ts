/** What an upstream's answer means: for the caller, for the channel, for the next attempt. */
import type { FailureReason } from '@sluice/contract/gateway';
import type { RestLength } from './breaker.ts';
import { readErrorReport } from './error-report.ts';
import { readRateReset } from './rate-reset.ts';

export type Verdict =
  | { kind: 'answer' }
  /** The caller's own mistake: passed on in the upstream's words, no other channel would say otherwise. */
  | { kind: 'callers_fault' }
  /** This channel cannot serve the call, another may; `rest` is how the channel is treated. */
  | { kind: 'failed'; rest: Rest };

/** What is left alone after a failure, for how long, and why. */
export type Rest =
  /** The channel is sound, this call did not suit it. */
  | { kind: 'none' }
  /** Grows with every failure in a row. */
  | { kind: 'growing' }
  | { kind: 'rest'; of: 'channel' | 'key' | 'model'; length: RestLength; reason: FailureReason };

export interface UpstreamAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of an error, once it was read; it tells more than the status. */
  body?: Buffer | undefined;
  /** As it was asked for. */
  model?: string | undefined;
}

const callersFaults = new Set([400, 413, 415, 422]);
/** Too much at the moment: 529 is Anthropic's own. */
const overloads = new Set([503, 529]);

export function judgeAnswer(answer: UpstreamAnswer, nowMs: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'answer' };
  const told = judgeReport(answer, nowMs);
  if (told) return told;
  if (callersFaults.has(status)) return { kind: 'callers_fault' };
  if (status === 401) return refusedKey('key_refused');
  if (status === 402) return refusedKey('no_credit');
  if (status === 403) return refusedKey('not_permitted');
  if (status === 404) return failed({ kind: 'none' });
  const ms = readRateReset(answer.headers, nowMs);
  if (status === 429) return asked('key', 'rate_limited', ms);
  if (overloads.has(status)) return asked('channel', 'overloaded', ms);
  if (status >= 500 || status < 200) return failed({ kind: 'growing' });
  return failed({ kind: 'none' });
}

/** Whether the body of an answer can tell more than its status does. */
export function isWorthReading(status: number): boolean {
  return status === 400 || status === 403 || status === 404 || status === 429;
}

function judgeReport(answer: UpstreamAnswer, nowMs: number): Verdict | undefined {
  const { status, body, model } = answer;
  if (body === undefined || !isWorthReading(status)) return undefined;
  const report = readErrorReport(body, model);
  if (report.isCreditGone) return refusedKey('no_credit');
  if (report.isKeyRefused) return refusedKey('key_refused');
  if (status === 429 && report.isTooLarge) return failed({ kind: 'none' });
  if (status === 429) {
    const ms = report.retryMs ?? readRateReset(answer.headers, nowMs);
    return asked('key', 'rate_limited', ms);
  }
  if (status === 400) return undefined;
  if (report.isOfContent) return { kind: 'callers_fault' };
  if (report.isOfModel) {
    const reason = status === 403 ? 'model_not_permitted' : 'model_unknown';
    // Upstreams say so of models that they serve, too, when they are in trouble: it is soon tried again.
    return asked('model', reason, undefined);
  }
  // A file or a cache that the caller named: nothing that the channel could help.
  return report.isOfCallersThing ? failed({ kind: 'none' }) : undefined;
}

function refusedKey(reason: FailureReason): Verdict {
  return failed({ kind: 'rest', of: 'key', length: { kind: 'long' }, reason });
}

function asked(
  of: 'channel' | 'key' | 'model',
  reason: FailureReason,
  ms: number | undefined,
): Verdict {
  return failed({ kind: 'rest', of, length: { kind: 'asked', ms }, reason });
}

function failed(rest: Rest): Verdict {
  return { kind: 'failed', rest };
}
