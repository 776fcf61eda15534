/** What an answer of the OpenAI dialect claims to have used. Pure. */
import type { ChatRequest } from './openai-request.ts';
import type { ReportedUsage, Scenario } from './scenario.ts';

export function reportedUsage(
  request: ChatRequest,
  scenario: Scenario,
  completionTokens: number,
): ReportedUsage {
  if (scenario.usage === 'zero') return { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
  if (typeof scenario.usage === 'object') return scenario.usage;
  const { promptTokens } = request;
  const cachedTokens = Math.min(scenario.cachedTokens ?? 0, promptTokens);
  return { promptTokens, completionTokens, cachedTokens };
}
