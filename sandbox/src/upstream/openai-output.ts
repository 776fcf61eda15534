/** What the model says to a chat or a response: words, JSON of a schema, or the arguments of a function. Pure. */
import { composeAnswer } from './answer.ts';
import { exampleOf } from './gemini-schema.ts';
import type { ChatRequest } from './openai-request.ts';
import type { Scenario } from './scenario.ts';
import { splitTokens } from './tokens.ts';

export interface Output {
  tokens: string[];
  reasoningTokens: number;
  finishReason: 'stop' | 'length' | 'tool_calls';
  /** The function whose arguments the tokens are. */
  calls: string | undefined;
}

/** Reasoning comes first and counts against the caller's maximum, so it may leave nothing to say. */
export function writeOutput(request: ChatRequest, scenario: Scenario): Output {
  const tokensMax = request.tokensMax ?? Number.POSITIVE_INFINITY;
  const reasoningTokens = Math.min(scenario.reasoningTokens ?? 0, tokensMax);
  const tool = scenario.callsFunction ? request.tool : undefined;
  const full = allOf(request, scenario, tool);
  const tokens = full.slice(0, tokensMax - reasoningTokens);
  const isCut = tokens.length < full.length;
  return {
    tokens,
    reasoningTokens,
    finishReason: isCut ? 'length' : tool ? 'tool_calls' : 'stop',
    calls: tool?.name,
  };
}

function allOf(request: ChatRequest, scenario: Scenario, tool: ChatRequest['tool']): string[] {
  const schema = tool ? (tool.schema ?? {}) : request.schema;
  return schema === undefined
    ? composeAnswer(request.prompt, scenario.tokens)
    : splitTokens(JSON.stringify(exampleOf(schema)));
}
