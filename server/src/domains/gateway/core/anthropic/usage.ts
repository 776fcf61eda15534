/**
 * Usage as Anthropic reports it: `input_tokens` is only what was neither read from a cache nor written to one.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance
 */
import type { Usage } from '../../../metering/index.ts';
import { isRecord } from '../json.ts';

/** More tokens than any one call can have; a larger figure is a broken report, not a bill. */
const tokensMax = 100_000_000;

/** The figures of one report; undefined where it has none that can be billed. */
export interface Figures {
  input: number | undefined;
  cacheRead: number | undefined;
  cacheWrite: number | undefined;
  cacheWrite1h: number | undefined;
  output: number | undefined;
  thinking: number | undefined;
  searches: number | undefined;
}

export function readFigures(reported: unknown): Figures | undefined {
  if (!isRecord(reported)) return undefined;
  const creation = recordOf(reported.cache_creation);
  const write1h = tokens(creation.ephemeral_1h_input_tokens);
  const write5m = tokens(creation.ephemeral_5m_input_tokens);
  const isSplit = write1h !== undefined || write5m !== undefined;
  return {
    input: tokens(reported.input_tokens),
    cacheRead: tokens(reported.cache_read_input_tokens),
    cacheWrite:
      tokens(reported.cache_creation_input_tokens) ??
      (isSplit ? (write1h ?? 0) + (write5m ?? 0) : undefined),
    cacheWrite1h: write1h,
    output: tokens(reported.output_tokens),
    thinking: tokens(recordOf(reported.output_tokens_details).thinking_tokens),
    searches: tokens(recordOf(reported.server_tool_use).web_search_requests),
  };
}

/**
 * A later report of the same stream counts from its start again, so its figures replace the earlier ones; most upstreams leave
 * out the input then, and some put zeros in its place.
 */
export function mergeFigures(earlier: Figures | undefined, later: Figures): Figures {
  if (earlier === undefined) return later;
  const hasInput = inputOf(later) > 0 || inputOf(earlier) === 0;
  const input = hasInput ? later : earlier;
  return {
    input: input.input ?? earlier.input,
    cacheRead: input.cacheRead ?? earlier.cacheRead,
    cacheWrite: input.cacheWrite ?? earlier.cacheWrite,
    cacheWrite1h: input.cacheWrite1h ?? earlier.cacheWrite1h,
    output: later.output ?? earlier.output,
    thinking: later.thinking ?? earlier.thinking,
    searches: later.searches ?? earlier.searches,
  };
}

function inputOf({ input = 0, cacheRead = 0, cacheWrite = 0 }: Figures): number {
  return input + cacheRead + cacheWrite;
}

/** Zero is a report, not a missing one. */
export function usageOf(figures: Figures | undefined): Usage | undefined {
  if (figures?.input === undefined || figures.output === undefined) return undefined;
  const { input, output, cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0 } = figures;
  const { thinking = 0, searches = 0 } = figures;
  const written1h = Math.min(cacheWrite1h, cacheWrite);
  return {
    inputTokens: input + cacheRead + cacheWrite,
    cachedInputTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    ...(written1h > 0 ? { cacheWrite1hTokens: written1h } : {}),
    outputTokens: output,
    reasoningTokens: Math.min(thinking, output),
    ...(searches > 0 ? { searches } : {}),
    estimated: false,
  };
}

function tokens(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= tokensMax ? value : undefined;
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
