/** What an upstream's status means: for the caller, for the channel, for the next attempt. */

export type Verdict =
  | { kind: 'answer' }
  /** The caller's own mistake: passed on in the upstream's words, no other channel would say otherwise. */
  | { kind: 'callers_fault' }
  /** This channel cannot serve the call, another may; `rest` is how the channel is treated. */
  | { kind: 'failed'; rest: Rest };

export type Rest =
  /** The channel is sound, this call did not suit it. */
  | { kind: 'none' }
  /** Grows with every failure in a row. */
  | { kind: 'growing' }
  /** The upstream said for how long. */
  | { kind: 'asked'; ms: number }
  /** The channel's key or account is refused: no use in trying again soon. */
  | { kind: 'long' };

const callersFaults = new Set([400, 413, 415, 422]);
/** Wrong key, no credit, not permitted: the channel's own trouble, which no caller may see. */
const accountTroubles = new Set([401, 402, 403]);

export function judgeStatus(
  status: number,
  retryAfter: string | undefined,
  nowMs: number,
): Verdict {
  if (status >= 200 && status < 300) return { kind: 'answer' };
  if (callersFaults.has(status)) return { kind: 'callers_fault' };
  if (accountTroubles.has(status)) return { kind: 'failed', rest: { kind: 'long' } };
  if (status === 429) {
    const ms = readRetryAfter(retryAfter, nowMs);
    return { kind: 'failed', rest: ms === undefined ? { kind: 'growing' } : { kind: 'asked', ms } };
  }
  if (status >= 500 || status < 200) return { kind: 'failed', rest: { kind: 'growing' } };
  return { kind: 'failed', rest: { kind: 'none' } };
}

const restMinMs = 1000;
const restGrowingMaxMs = 60_000;
const restAskedMaxMs = 300_000;
const restLongMs = 60_000;

/** How long a channel rests; `failures` counts those in a row, this one included. */
export function restMs(rest: Rest, failures: number): number {
  if (rest.kind === 'asked') return Math.min(Math.max(rest.ms, restMinMs), restAskedMaxMs);
  if (rest.kind === 'long') return restLongMs;
  if (rest.kind === 'none') return 0;
  return Math.min(restMinMs * 2 ** Math.min(failures - 1, 20), restGrowingMaxMs);
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
