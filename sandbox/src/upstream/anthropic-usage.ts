/** What a message claims to have used: the input that was neither read from the cache nor written to it stands by itself. Pure. */
import type { MessageRequest } from './anthropic-request.ts';
import type { CacheFigures } from './prompt-cache.ts';
import type { Scenario } from './scenario.ts';

export interface AnthropicUsage {
  whole: object;
  /** At the start of a stream. */
  started: object;
  /** At its end: figures count from its start. */
  ended: object;
}

interface Figures {
  input: number;
  output: number;
  cache: CacheFigures;
}

interface Used {
  tokens: number;
  thinkingTokens: number;
  searches: number;
  cache: CacheFigures;
}

/** Undefined where the scenario keeps it back. */
export function usageOf(
  request: MessageRequest,
  scenario: Scenario,
  used: Used,
): AnthropicUsage | undefined {
  if (scenario.usage === 'none') return undefined;
  const { input, output, cache } = figuresOf(request, scenario, used);
  const thinking_tokens = Math.min(used.thinkingTokens, output);
  const told = {
    input_tokens: input,
    cache_creation_input_tokens: cache.written,
    cache_read_input_tokens: cache.read,
    output_tokens_details: thinking_tokens > 0 ? { thinking_tokens } : null,
    server_tool_use:
      used.searches > 0 ? { web_search_requests: used.searches, web_fetch_requests: 0 } : null,
  };
  const whole = {
    ...told,
    cache_creation: {
      ephemeral_5m_input_tokens: cache.written - cache.written1h,
      ephemeral_1h_input_tokens: cache.written1h,
    },
    ...{ output_tokens: output, service_tier: 'standard', inference_geo: 'not_available' },
    speed: null,
  };
  const started = {
    ...whole,
    ...{ output_tokens: Math.min(output, 1), output_tokens_details: null, server_tool_use: null },
  };
  return { whole, started, ended: { ...told, output_tokens: output } };
}

function figuresOf(request: MessageRequest, scenario: Scenario, used: Used): Figures {
  const none: CacheFigures = { read: 0, written: 0, written1h: 0 };
  if (scenario.usage === 'zero') return { input: 0, output: 0, cache: none };
  if (typeof scenario.usage === 'object') {
    const { promptTokens, completionTokens, cachedTokens } = scenario.usage;
    const cache = { ...cacheOf(scenario, none), read: cachedTokens };
    const input = Math.max(0, promptTokens - cache.read - cache.written);
    return { input, output: completionTokens, cache };
  }
  const { tokens } = request.prompt;
  const cache = cacheOf(scenario, used.cache);
  return { input: Math.max(0, tokens - cache.read - cache.written), output: used.tokens, cache };
}

/** The scenario's own figures win over what the cache really did. */
function cacheOf(scenario: Scenario, real: CacheFigures): CacheFigures {
  const { cachedTokens, writtenTokens, written1hTokens } = scenario;
  const written1h = written1hTokens ?? (writtenTokens === undefined ? real.written1h : 0);
  return {
    read: cachedTokens ?? real.read,
    written: Math.max(writtenTokens ?? real.written, written1h),
    written1h,
  };
}
