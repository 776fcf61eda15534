/**
 * Usage as an upstream of the OpenAI dialect reports it. `prompt_tokens` includes cached tokens and `completion_tokens`
 * includes reasoning: https://platform.openai.com/docs/api-reference/chat/object
 */
import type { ServiceTier, Usage } from '../../../metering/index.ts';
import { isRecord } from '../json.ts';

/** More tokens than any one call can have; a larger figure is a broken report, not a bill. */
const tokensMax = 100_000_000;

/**
 * The reported usage, or undefined where there is none that can be billed. Zero is a report, not a missing one. `tier` is
 * how the upstream says that it served the call.
 */
export function readUsage(reported: unknown, tier?: unknown): Usage | undefined {
  if (!isRecord(reported)) return undefined;
  const input = tokens(reported.prompt_tokens ?? reported.input_tokens);
  const output = tokens(reported.completion_tokens ?? reported.output_tokens);
  if (input === undefined || output === undefined) return undefined;

  const inputDetails = detailsOf(reported.prompt_tokens_details ?? reported.input_tokens_details);
  const outputDetails = detailsOf(
    reported.completion_tokens_details ?? reported.output_tokens_details,
  );
  // DeepSeek names its cache hits beside the total: https://api-docs.deepseek.com/guides/kv_cache
  const cached = tokens(inputDetails.cached_tokens ?? reported.prompt_cache_hit_tokens) ?? 0;
  const written = tokens(inputDetails.cache_write_tokens) ?? 0;
  const cachedInputTokens = Math.min(cached, input);
  return {
    inputTokens: input,
    cachedInputTokens,
    // A report that counts more than its total must not make the uncached rest negative.
    cacheWriteTokens: Math.min(written, input - cachedInputTokens),
    outputTokens: output,
    reasoningTokens: Math.min(tokens(outputDetails.reasoning_tokens) ?? 0, output),
    ...(isTier(tier) ? { serviceTier: tier } : {}),
    estimated: false,
  };
}

/** The usage of a call that has no output. */
export function readInputUsage(reported: unknown): Usage | undefined {
  return isRecord(reported) ? readUsage({ ...reported, completion_tokens: 0 }) : undefined;
}

function isTier(value: unknown): value is ServiceTier {
  return value === 'flex' || value === 'priority' || value === 'batch';
}

function tokens(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= tokensMax ? value : undefined;
}

function detailsOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
