/** Usage where the upstream's report is missing, or not its last word. */
import type { Usage } from '../../metering/index.ts';

/** Usage that was counted here. */
export function estimatedUsage(inputTokens: number, outputTokens: number): Usage {
  return {
    inputTokens,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    estimated: true,
  };
}

/**
 * Of what an upstream made, what is billed where only delivered output is: all input, for it was read, and no more output
 * than it reported. What was delivered is counted as text first; reasoning is what remains.
 */
export function onlyDelivered(made: Usage, deliveredTokens: number): Usage {
  const outputTokens = Math.min(made.outputTokens, deliveredTokens);
  if (outputTokens === made.outputTokens) return made;
  const answerTokens = Math.max(0, made.outputTokens - made.reasoningTokens);
  return {
    ...made,
    outputTokens,
    reasoningTokens: Math.max(0, outputTokens - answerTokens),
    estimated: made.estimated || outputTokens > 0,
  };
}

/**
 * A report from the middle of a stream that never ended may be older than what was delivered since:
 * the larger output counts.
 */
export function atLeastDelivered(reported: Usage, deliveredTokens: number): Usage {
  if (reported.outputTokens >= deliveredTokens) return reported;
  return { ...reported, outputTokens: deliveredTokens, estimated: true };
}
