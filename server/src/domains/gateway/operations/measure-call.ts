/** What a call is billed for, and what its upstream made of it: the same, unless the caller left. */
import type { Abort, Outcome, Usage } from '../../metering/index.ts';
import type { Surface } from '../core/dialect.ts';
import { atLeastDelivered, estimatedUsage, onlyDelivered } from '../core/measured-usage.ts';
import type { Gateway } from '../gateway.ts';
import type { RunningCall } from '../running-call.ts';
import type { ExchangeEnd } from '../upstream-exchange.ts';

export type BilledEnd = Extract<ExchangeEnd, { kind: 'answer' | 'stream' | 'cut' }>;

interface Ended {
  end: BilledEnd;
  /** What the upstream was asked: of its own dialect. */
  surface: Surface;
}

export interface Measured {
  /** What is billed. */
  usage: Usage;
  /** What the upstream made, and charges for. */
  made: Usage;
  outcome: Outcome;
  abort: Abort | undefined;
}

export async function measureCall(
  gateway: Gateway,
  call: RunningCall,
  ended: Ended,
): Promise<Measured> {
  const { end } = ended;
  // The caller may leave while tokens are counted: what is decided by it is decided now.
  const outcome = outcomeOf(call, end);
  const reported = servedAsAsked(usageOf(end), call);
  const isLastWord = end.kind === 'answer' || (end.kind === 'stream' && hasLastWord(end));
  if (reported && isLastWord && outcome !== 'aborted') {
    return { usage: reported, made: reported, outcome, abort: undefined };
  }
  const isAllDelivered = end.kind === 'stream' && !end.relay.hasDropped;
  const deliveredTokens =
    reported && isLastWord && isAllDelivered
      ? reported.outputTokens
      : await gateway.counter.countText(deliveredText(ended, outcome));
  const made = await madeBy(gateway, call, { reported, isLastWord, deliveredTokens });
  if (outcome !== 'aborted') return { usage: made, made, outcome, abort: undefined };
  const { onAbort } = call.admission;
  const usage = onAbort === 'drained' ? made : onlyDelivered(made, deliveredTokens);
  const reportedOutputTokens = reported && isLastWord ? reported.outputTokens : null;
  const abort = { onAbort, deliveredOutputTokens: deliveredTokens, reportedOutputTokens };
  return { usage, made, outcome, abort };
}

/**
 * Whether a call that was given up before anything of use came is paid for: where its caller left, and the upstream had
 * begun to answer; all that was sent counts where the upstream's report does.
 */
export function isOwed(call: RunningCall, end: Extract<ExchangeEnd, { kind: 'cut' }>): boolean {
  if (!call.isCallerGone) return false;
  return call.admission.onAbort === 'drained' ? end.wasSent : end.hasBegun;
}

function outcomeOf(call: RunningCall, end: BilledEnd): Outcome {
  if (call.isCallerGone) return 'aborted';
  if (end.kind === 'answer') return 'completed';
  return end.kind === 'stream' && end.isWhole ? 'completed' : 'upstream_error';
}

/** The upstream's own report where it is the last word; otherwise what was delivered is counted here. */
async function madeBy(
  gateway: Gateway,
  call: RunningCall,
  known: { reported: Usage | undefined; isLastWord: boolean; deliveredTokens: number },
): Promise<Usage> {
  const { reported, isLastWord, deliveredTokens } = known;
  if (reported) return isLastWord ? reported : atLeastDelivered(reported, deliveredTokens);
  const { surface } = call.admission;
  const inputTokens = await gateway.counter.countRequest(surface.name, call.body);
  return estimatedUsage(inputTokens, deliveredTokens);
}

/** A way of serving that nobody asked for is the channel's own choice, and at its own expense. */
function servedAsAsked(usage: Usage | undefined, call: RunningCall): Usage | undefined {
  if (usage?.serviceTier === undefined) return usage;
  const { serviceTier, ...asUsual } = usage;
  return serviceTier === call.admission.request.serviceTier ? usage : asUsual;
}

function usageOf(end: BilledEnd): Usage | undefined {
  if (end.kind === 'cut') return undefined;
  return end.kind === 'answer' ? end.usage : end.relay.reader.usage;
}

function hasLastWord(end: Extract<BilledEnd, { kind: 'stream' }>): boolean {
  return end.isWhole || end.relay.reader.isUsageFinal;
}

function deliveredText({ end, surface }: Ended, outcome: Outcome): string {
  if (end.kind === 'stream') return end.relay.delivered.text();
  // A whole answer is delivered at once or, to a caller who left, not at all.
  if (end.kind === 'cut' || outcome === 'aborted') return '';
  return surface.answerText(end.body.toString('utf8'));
}
