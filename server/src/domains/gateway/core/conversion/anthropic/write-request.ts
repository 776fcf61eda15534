/** Writes a request for a message: https://docs.claude.com/en/api/messages */
import type { Conversation, ThinkingWish } from '../conversation.ts';
import { describedSchema } from '../described-schema.ts';
import { refuse, refuseUncarried } from '../fields.ts';
import { asEffort, budgetOf, takesBudget } from '../thinking-depth.ts';
import { cacheMark } from './cache-marks.ts';
import { writeMessages } from './write-messages.ts';

const budgetMin = 1024;

export function writeAnthropicRequest(
  conversation: Conversation,
  target: { model: string; maxOutputTokens: number | undefined },
): string {
  const { names, sampling, stopSequences, tools } = conversation;
  const maxOutputTokens = conversation.maxOutputTokens ?? target.maxOutputTokens;
  if (maxOutputTokens === undefined) {
    refuse(names.maxOutputTokens, `Name "${names.maxOutputTokens}": Claude needs to know it.`);
  }
  if (conversation.choices > 1) refuseUncarried(names.choices, 'ask for one answer at a time');
  refuseSampling(conversation);
  const { system, messages } = writeMessages(conversation);
  const { thinking, effort } = writeThinking(conversation, target.model, maxOutputTokens);
  const format = writeFormat(conversation);
  return JSON.stringify({
    model: target.model,
    max_tokens: maxOutputTokens,
    ...(system.length > 0 && { system }),
    messages,
    ...(tools.length > 0 && { tools: writeTools(conversation) }),
    tool_choice: writeToolChoice(conversation),
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    ...(stopSequences.length > 0 && { stop_sequences: stopSequences }),
    thinking,
    ...((effort || format) && { output_config: { effort, format } }),
    ...(conversation.isStream && { stream: true }),
  });
}

/** A seed is dropped: OpenAI and Google promise nothing by it but an effort, and the answer means the same. */
function refuseSampling({ sampling, names }: Conversation): void {
  if (sampling.frequencyPenalty) refuseUncarried(names.frequencyPenalty);
  if (sampling.presencePenalty) refuseUncarried(names.presencePenalty);
  if (sampling.temperature !== undefined && sampling.temperature > 1) {
    refuse(names.temperature, `Give "${names.temperature}" from 0 to 1: Claude knows no more.`);
  }
}

function writeTools({ tools }: Conversation): object[] {
  return tools.map(({ name, description, schema, isStrict, cache }) => ({
    name,
    description,
    input_schema: schema?.type === undefined ? { type: 'object', ...schema } : schema,
    ...(isStrict && { strict: true }),
    ...cacheMark(cache),
  }));
}

function writeToolChoice({ toolChoice, mayCallInParallel, tools, names }: Conversation) {
  const isOneAtATime = mayCallInParallel === undefined ? undefined : !mayCallInParallel;
  const mode = toolChoice?.mode ?? (isOneAtATime && tools.length > 0 ? 'auto' : undefined);
  if (mode === undefined) return undefined;
  if (mode === 'none') return { type: 'none' };
  const [name, ...more] = toolChoice?.names ?? [];
  if (more.length > 0 || (name !== undefined && mode === 'auto')) {
    refuseUncarried(names.toolChoice, 'name one tool, or give only the tools that may be called');
  }
  const chosen = name === undefined ? { type: mode } : { type: 'tool', name };
  return { ...chosen, disable_parallel_tool_use: isOneAtATime };
}

function writeFormat({ output, names }: Conversation): object | undefined {
  if (output === undefined) return undefined;
  if (output.kind === 'json') refuseUncarried(names.output, 'give a JSON schema');
  return { type: 'json_schema', schema: describedSchema(output) };
}

function writeThinking(
  { thinking, names, turns }: Conversation,
  model: string,
  maxOutputTokens: number,
): { thinking?: object; effort?: string } {
  if (thinking === undefined) return {};
  const { depth, isShown } = thinking;
  if (depth.kind === 'off') return { thinking: { type: 'disabled' } };
  if (takesBudget(model)) {
    refuseLostThinking(turns);
    const budget_tokens = boundBudget(budgetFor(depth), maxOutputTokens, names.thinking);
    const display = isShown === false ? 'omitted' : undefined;
    return { thinking: { type: 'enabled', budget_tokens, display } };
  }
  const word = asEffort(depth);
  const display = isShown === undefined ? undefined : isShown ? 'summarized' : 'omitted';
  const effort = word === 'minimal' ? 'low' : word;
  return { thinking: { type: 'adaptive', display }, ...(effort && { effort }) };
}

/**
 * While tools are used, Claude wants its thinking back with their calls, and would refuse the call in words about blocks that
 * the caller has never seen.
 */
function refuseLostThinking(turns: Conversation['turns']): void {
  const last = turns.at(-2);
  if (last?.role !== 'assistant' || turns.at(-1)?.role !== 'user') return;
  const hasCalls = last.parts.some(({ kind }) => kind === 'call');
  const isKept = last.parts.some(
    (part) => part.kind === 'thinking' && part.seal?.vendor === 'anthropic',
  );
  if (hasCalls && !isKept) {
    refuse(
      last.at,
      'Send this message back with all that it came with, or ask for no thinking: Claude needs its thoughts to go on.',
    );
  }
}

function budgetFor(depth: ThinkingWish['depth']): number {
  if (depth.kind === 'budget') return depth.tokens;
  return budgetOf(depth.kind === 'effort' ? depth.effort : 'medium');
}

/** Claude thinks within the limit of output, and some of that has to be left for the answer. */
function boundBudget(tokens: number, maxOutputTokens: number, at: string): number {
  if (tokens < budgetMin)
    refuse(at, `Give at least ${budgetMin} tokens to think: Claude needs them.`);
  const budget = Math.min(tokens, maxOutputTokens - 1);
  if (budget >= budgetMin) return budget;
  return refuse(
    at,
    `Allow more than ${budgetMin} tokens of output: Claude thinks within that limit.`,
  );
}
