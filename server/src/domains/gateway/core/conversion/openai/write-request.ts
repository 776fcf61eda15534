/** Writes a chat completion's request: https://platform.openai.com/docs/api-reference/chat/create */
import type { Conversation, OutputFormat } from '../conversation.ts';
import { refuse, refuseUncarried } from '../fields.ts';
import { asEffort } from '../thinking-depth.ts';
import { writeMessages } from './write-messages.ts';

const stopSequencesMax = 4;

export function writeOpenAiRequest(
  conversation: Conversation,
  target: { model: string; maxOutputTokens: number | undefined },
): string {
  const { names, sampling, stopSequences, tools, choices, isStream } = conversation;
  if (sampling.topK !== undefined) refuseUncarried(names.topK);
  if (stopSequences.length > stopSequencesMax) {
    refuse(names.stopSequences, `Give at most ${stopSequencesMax} stop sequences to this model.`);
  }
  return JSON.stringify({
    model: target.model,
    messages: writeMessages(conversation),
    ...writeLimit(conversation, target.model),
    temperature: sampling.temperature,
    top_p: sampling.topP,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    seed: sampling.seed,
    ...(stopSequences.length > 0 && { stop: stopSequences }),
    ...(choices > 1 && { n: choices }),
    ...(tools.length > 0 && { tools: writeTools(conversation) }),
    tool_choice: writeToolChoice(conversation),
    ...(tools.length > 0 && { parallel_tool_calls: conversation.mayCallInParallel }),
    response_format: writeFormat(conversation.output),
    reasoning_effort: conversation.thinking && asEffort(conversation.thinking.depth),
    ...(isStream && { stream: true, stream_options: { include_usage: true } }),
  });
}

/** OpenAI's newer name is refused by many servers of its dialect, its older one by its own newer models. */
const newerModel = /^(o\d|gpt-[5-9]|chatgpt-)/;

function writeLimit({ maxOutputTokens }: Conversation, model: string): object {
  if (maxOutputTokens === undefined) return {};
  return newerModel.test(model)
    ? { max_completion_tokens: maxOutputTokens }
    : { max_tokens: maxOutputTokens };
}

function writeTools({ tools }: Conversation): object[] {
  return tools.map(({ name, description, schema, isStrict }) => ({
    type: 'function',
    function: { name, description, parameters: schema, strict: isStrict },
  }));
}

function writeToolChoice({ toolChoice }: Conversation): unknown {
  if (toolChoice === undefined) return undefined;
  const mode = toolChoice.mode === 'any' ? 'required' : toolChoice.mode;
  const [name, ...more] = toolChoice.names ?? [];
  if (name === undefined) return mode;
  if (mode === 'required' && more.length === 0) return { type: 'function', function: { name } };
  const tools = [name, ...more].map((one) => ({ type: 'function', function: { name: one } }));
  return { type: 'allowed_tools', allowed_tools: { mode, tools } };
}

/** Strictly, for the other dialects know no looser kind. */
function writeFormat(output: OutputFormat | undefined): object | undefined {
  if (output === undefined) return undefined;
  if (output.kind === 'json') return { type: 'json_object' };
  const { name = 'answer', description, schema } = output;
  return { type: 'json_schema', json_schema: { name, description, schema, strict: true } };
}
