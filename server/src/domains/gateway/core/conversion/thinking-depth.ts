/**
 * How deep a model is to think: words at OpenAI and newer models of all vendors, tokens at Claude up to 4.5 and Gemini 2.5.
 * The tokens for a word are those that Google states for OpenAI's words: https://ai.google.dev/gemini-api/docs/openai
 */
import type { Effort, ThinkingWish } from './conversation.ts';

export const efforts = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

const budgets: Readonly<Record<Effort, number>> = {
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

export function budgetOf(effort: Effort): number {
  return budgets[effort];
}

/** The deepest word that does not go beyond a budget by more than half. */
export function effortOf(tokens: number): Effort {
  if (tokens >= 16_384) return 'high';
  return tokens >= 4096 ? 'medium' : 'low';
}

/** As a word; undefined for as deep as the model finds right. */
export function asEffort(depth: ThinkingWish['depth']): Effort | 'none' | undefined {
  switch (depth.kind) {
    case 'off':
      return 'none';
    case 'effort':
      return depth.effort;
    case 'budget':
      return effortOf(depth.tokens);
    case 'dynamic':
      return undefined;
  }
}

/** Claude up to 4.5 takes a budget; later ones decide themselves, by a word of effort. */
const claudeWithBudget = /claude-(3|(opus|sonnet|haiku)-4(-[0-5])?(-\d{8}|@|:|-v\d|$))/;
/** https://ai.google.dev/gemini-api/docs/thinking: a budget for 2.5, a level since 3. */
const geminiWithBudget = /gemini-(2|flash-latest|flash-lite-latest)/;

export function takesBudget(model: string): boolean {
  return claudeWithBudget.test(model) || geminiWithBudget.test(model);
}
