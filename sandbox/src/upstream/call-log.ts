/** What was asked and what was really delivered, so that a test can compare it with what was billed. */
export type CallOutcome =
  | 'running'
  | 'finished'
  /** An error answer that a scenario asked for. */
  | 'refused'
  /** The connection was destroyed, or an error event sent, as a scenario asked. */
  | 'broken'
  | 'aborted_by_client';

export interface Call {
  id: string;
  /** The `x-request-id` that the caller sent, if any. */
  clientRequestId: string | null;
  dialect: string;
  keyLabel: string;
  model: string;
  stream: boolean;
  status: number;
  promptTokens: number;
  completionTokens: number;
  /** Output tokens handed to the connection. */
  tokensSent: number;
  outcome: CallOutcome;
  startedAt: number;
  endedAt: number | null;
}

const CALLS_MAX = 1_000;

export interface CallTotals {
  calls: number;
  finished: number;
  refused: number;
  broken: number;
  aborted_by_client: number;
  tokens_sent: number;
}

export function createCallLog() {
  const ring: Call[] = [];
  const totals = new Map<string, CallTotals>();
  let begun = 0;

  function totalsOf(keyLabel: string): CallTotals {
    const known = totals.get(keyLabel);
    if (known) return known;
    const fresh = {
      calls: 0,
      finished: 0,
      refused: 0,
      broken: 0,
      aborted_by_client: 0,
      tokens_sent: 0,
    };
    totals.set(keyLabel, fresh);
    return fresh;
  }

  return {
    begin(call: Call): Call {
      ring[begun % CALLS_MAX] = call;
      begun += 1;
      totalsOf(call.keyLabel).calls += 1;
      return call;
    },
    /** Only the first end counts: what closes after a break is the same call. */
    end(call: Call, outcome: Exclude<CallOutcome, 'running'>): void {
      if (call.outcome !== 'running') return;
      call.outcome = outcome;
      call.endedAt = Date.now();
      const total = totalsOf(call.keyLabel);
      total[outcome] += 1;
      total.tokens_sent += call.tokensSent;
    },
    clear(): void {
      ring.length = 0;
      begun = 0;
      totals.clear();
    },
    newestFirst(): Call[] {
      const start = begun % CALLS_MAX;
      return [...ring.slice(0, start).reverse(), ...ring.slice(start).reverse()];
    },
    totals: (): Record<string, CallTotals> => Object.fromEntries(totals),
  };
}

export type CallLog = ReturnType<typeof createCallLog>;

export function describeCall(call: Call) {
  return {
    id: call.id,
    client_request_id: call.clientRequestId,
    dialect: call.dialect,
    key: call.keyLabel,
    model: call.model,
    stream: call.stream,
    status: call.status,
    prompt_tokens: call.promptTokens,
    completion_tokens: call.completionTokens,
    tokens_sent: call.tokensSent,
    outcome: call.outcome,
    aborted_by_client: call.outcome === 'aborted_by_client',
    finished: call.outcome === 'finished',
    started_at: new Date(call.startedAt).toISOString(),
    ended_at: call.endedAt === null ? null : new Date(call.endedAt).toISOString(),
  };
}
