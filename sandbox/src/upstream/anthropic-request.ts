/** Reads a request for a message as Anthropic would, refusing what it refuses. Pure. */
import { isRecord } from '../http/exchange.ts';
import { countPrompt, type PromptCount } from './anthropic-prompt.ts';
import { parseScenario, type Scenario } from './scenario.ts';

export interface MessageRequest {
  /** Without the scenario that may hang on it. */
  model: string;
  stream: boolean;
  tokensMax: number;
  prompt: PromptCount;
  /** The last user message: what the answer depends on. */
  words: string;
  /** How much it may think; 0 where it may not. */
  thinkingTokensMax: number;
  /** What a call of the first tool would look like. */
  tool: { name: string; input: Record<string, unknown> } | undefined;
  /** How often it may search the web. */
  searchesMax: number;
  /** What the words and the model's name ask of the sandbox. */
  scenario: Scenario;
}

/** An error in the making: Anthropic's say no more. */
export interface Invalid {
  message: string;
}

/** How long thoughts are where nothing says it. */
const THINKING_TOKENS = 16;
const SEARCHES_USUAL = 10;
const THINKING_BUDGET_MIN = 1_024;

export function parseMessageRequest(
  text: string,
  options: { needsLimit: boolean },
): MessageRequest | Invalid {
  const body = parseBody(text);
  if (!body) return invalid('The request body is not valid JSON');
  if (typeof body.model !== 'string' || body.model === '') return invalid('model: Field required');
  const { messages } = body;
  if (!Array.isArray(messages)) return invalid('messages: Field required');
  if (messages.length === 0) return invalid('messages: at least one message is required');
  const wrong = messages.findIndex((message) => !isRecord(message) || !isRole(message.role));
  if (wrong >= 0) return invalid(`messages.${wrong}.role: Input should be 'user' or 'assistant'`);
  const tokensMax = body.max_tokens ?? (options.needsLimit ? undefined : 1);
  if (tokensMax === undefined) return invalid('max_tokens: Field required');
  if (!Number.isInteger(tokensMax) || Number(tokensMax) < 0) {
    return invalid('max_tokens: Input should be a valid integer, not less than 0');
  }
  const thinking = readThinking(body, Number(tokensMax));
  if (typeof thinking !== 'number') return thinking;
  const [model = '', ...words] = body.model.split('+');
  const asked = lastUserText(messages);
  const directive = /\[\[sandbox:([^\]]*)\]\]/.exec(asked)?.[1] ?? '';
  const parsed = parseScenario(`${directive},${words.join(',')}`);
  if (!parsed.ok) return invalid(parsed.message);
  return {
    ...{ model, stream: body.stream === true, tokensMax: Number(tokensMax) },
    ...{ prompt: countPrompt(body, messages), words: asked, thinkingTokensMax: thinking },
    ...{ tool: firstTool(body.tools), searchesMax: searchesMax(body.tools) },
    scenario: parsed.scenario,
  };
}

function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRole(role: unknown): boolean {
  return role === 'user' || role === 'assistant';
}

function readThinking(body: Record<string, unknown>, tokensMax: number): number | Invalid {
  const { thinking } = body;
  if (!isRecord(thinking) || thinking.type === 'disabled') return 0;
  if (thinking.type !== 'enabled') return THINKING_TOKENS;
  const budget = Number(thinking.budget_tokens);
  if (!Number.isInteger(budget) || budget < THINKING_BUDGET_MIN) {
    return invalid('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  }
  if (budget >= tokensMax) {
    return invalid('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  return THINKING_TOKENS;
}

function lastUserText(messages: unknown[]): string {
  const last = messages.findLast((message) => isRecord(message) && message.role === 'user');
  if (!isRecord(last)) return '';
  if (typeof last.content === 'string') return last.content;
  if (!Array.isArray(last.content)) return '';
  return last.content
    .map((block) => (isRecord(block) && typeof block.text === 'string' ? block.text : ''))
    .join('');
}

/** The first tool that the caller runs, with a value for each property that it must have. */
function firstTool(tools: unknown): MessageRequest['tool'] {
  if (!Array.isArray(tools)) return undefined;
  const tool = tools.find((one) => isRecord(one) && isRecord(one.input_schema));
  if (!isRecord(tool) || typeof tool.name !== 'string' || !isRecord(tool.input_schema)) {
    return undefined;
  }
  const { properties, required } = tool.input_schema;
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  const entries = names.map((name): [string, unknown] => {
    const schema = isRecord(properties) ? properties[name] : undefined;
    return [name, sampleOf(schema)];
  });
  return { name: tool.name, input: Object.fromEntries(entries) };
}

function searchesMax(tools: unknown): number {
  const search = (Array.isArray(tools) ? tools : []).find(
    (tool) => isRecord(tool) && String(tool.type).startsWith('web_search_'),
  );
  if (search === undefined) return 0;
  return search.max_uses === undefined ? SEARCHES_USUAL : Number(search.max_uses);
}

function sampleOf(schema: unknown): unknown {
  if (!isRecord(schema)) return 'sandbox';
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === 'integer' || schema.type === 'number') return 7;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') return [];
  return schema.type === 'object' ? {} : 'sandbox';
}

function invalid(message: string): Invalid {
  return { message };
}
