/** One piece of work that Sluice permitted: what is said to be used of it, its hold kept alive, and its end. */
import type { SluiceError } from './errors.ts';
import type { Reporter } from './reporter.ts';
import type { Settlements } from './settlements.ts';
import type { Send } from './transport.ts';
import {
  type AuthorizeRequest,
  type Outcome,
  operations,
  type Permit,
  type Quantities,
  type Quantity,
  type Receipt,
  type TokenEstimate,
  type TokenUsage,
  type UsageEvent,
} from './wire.ts';

export interface Access {
  readonly requestId: string;
  /** Limits as they stood; undefined where Sluice could not be asked and `failure` is `open`. */
  readonly permit: Permit | undefined;
  /** Sets how much of a meter is settled, instead of the estimate. */
  use(meter: string, quantity: Quantity): void;
  /** Sets the tokens that a model call is settled with. */
  useTokens(usage: TokenUsage): void;
  /** Pays for what was used; the answer comes when Sluice has heard it, which may be later. */
  settle(end?: { outcome?: Outcome; latencyMs?: number }): Promise<Receipt | undefined>;
  /** Gives everything back: nothing was done. */
  release(): Promise<void>;
}

/** What an access needs of the client that made it. */
export interface AccessTools {
  send: Send;
  settlements: Settlements;
  reporter: Reporter;
}

const holdSecondsDefault = 300;

export function createAccess(
  tools: AccessTools,
  request: AuthorizeRequest & { request_id: string },
  permit: Permit | undefined,
): Access {
  const startedAt = new Date().toISOString();
  const keepAlive = permit ? renewEvery(tools.send, request) : undefined;
  let quantities: Quantities = {};
  let tokens: TokenUsage | undefined;
  let ended: Promise<unknown> | undefined;

  const usage = (): TokenUsage | Quantities => {
    if (request.model === undefined) return { ...(request.estimate as Quantities), ...quantities };
    return tokens ?? mostOf(request.estimate as TokenEstimate);
  };
  /** The first end is the one that counts. */
  const endOnce = <T>(end: () => Promise<T>): Promise<T> => {
    clearInterval(keepAlive);
    ended ??= end();
    return ended as Promise<T>;
  };
  return {
    requestId: request.request_id,
    permit,
    use(meter, quantity) {
      if (request.model !== undefined) {
        throw new TypeError('A model call is settled with tokens: call useTokens().');
      }
      if (!decimal.test(String(quantity))) {
        throw new TypeError(
          `"${quantity}" is no quantity of ${meter}: give a decimal such as 1.5.`,
        );
      }
      quantities = { ...quantities, [meter]: quantity };
    },
    useTokens(used) {
      tokens = used;
    },
    settle: ({ outcome = 'completed', latencyMs } = {}) =>
      endOnce(async () => {
        const used = usage();
        if (!permit) return reportInstead(tools, request, used, startedAt);
        return tools.settlements.settle({
          request_id: request.request_id,
          usage: used,
          outcome,
          ...(latencyMs !== undefined && { latency_ms: Math.round(latencyMs) }),
        });
      }),
    release: () =>
      endOnce(async () => {
        if (permit) await tools.settlements.release(request.request_id);
      }),
  };
}

/** What the contract takes; -0.5 is a level that shrinks. Caught here, where the mistake is. */
const decimal = /^-?\d+(\.\d{1,9})?$/;

/** Long work keeps its hold. A renewal that fails is made good by the next, and a late settle still counts. */
function renewEvery(
  send: Send,
  { request_id, hold_seconds = holdSecondsDefault }: AuthorizeRequest & { request_id: string },
): ReturnType<typeof setInterval> {
  const body = { request_id, hold_seconds };
  return setInterval(
    () => void send({ operation: operations.renewAccess, body }).catch(() => undefined),
    (hold_seconds * 1000) / 3,
  );
}

/** Sluice was away and the work was done all the same: it is told later, so that it counts. */
function reportInstead(
  { reporter, settlements }: AccessTools,
  request: AuthorizeRequest & { request_id: string },
  usage: TokenUsage | Quantities,
  time: string,
): undefined {
  const { subject, tags = [] } = request;
  const shared = { subject, time, ...(tags.length > 0 && { tags }) };
  const events: UsageEvent[] =
    request.model === undefined
      ? Object.entries(usage as Quantities).map(([meter, quantity]) => ({
          ...shared,
          id: `${request.request_id}:${meter}`,
          meter,
          quantity,
        }))
      : [
          {
            ...shared,
            id: request.request_id,
            model: request.model,
            usage: counted(usage as TokenUsage),
          },
        ];
  try {
    for (const event of events) reporter.report(event);
  } catch (error) {
    settlements.lose({ request_id: request.request_id, usage }, error as SluiceError);
  }
  return undefined;
}

function counted({ estimated: _estimated, ...usage }: TokenUsage): Omit<TokenUsage, 'estimated'> {
  return usage;
}

/** The most that it can have been, where nobody counted. */
function mostOf({ input_tokens = 0, max_output_tokens = 0 }: TokenEstimate): TokenUsage {
  return { input_tokens, output_tokens: max_output_tokens, estimated: true };
}
