/**
 * What may be left behind of a call, by the caller's dialect and its place, and why the answer means the same without it.
 * Anything else that the other dialect lacks is refused by name.
 */
import type { Dialect } from '../dialect.ts';

const cache = 'keeps a cache, which changes the price and not the answer';
const asker = 'says who asks, for the vendor of that dialect';

export const dropped: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  openai: {
    user: asker,
    safety_identifier: asker,
    metadata: 'labels a stored completion; nothing is stored',
    prompt_cache_key: cache,
    prompt_cache_retention: cache,
    prompt_cache_options: cache,
    'messages.*.content.*.prompt_cache_breakpoint': cache,
    'messages.*.content.*.cache_control': `${cache}; Claude is sent it`,
    prediction: 'makes the same answer come faster',
    seed: 'is a wish without a promise; Gemini is sent it',
    'messages.*.name (of a result)': 'repeats the name of the call',
    'messages.*.reasoning_content':
      'echoes an answer; no vendor takes thinking back without its seal',
    'messages.*.parsed': 'is what an SDK has made of the text beside it',
    'messages.*.tool_calls.*.function.parsed_arguments':
      'is what an SDK has made of the text beside it',
    'response_format.json_schema.name': 'labels a schema for programs',
    'response_format.json_schema.strict': 'is so in the others anyway',
  },
  anthropic: {
    metadata: asker,
    user_profile_id: asker,
    cache_control: cache,
    context_management:
      'takes old results and thoughts away to save input; the rest is refused before',
    diagnostics: 'asks how a cache of that vendor was missed',
    'messages.*.content.*.cache_control': cache,
    'messages.*.content.*.is_error': 'marks a result whose text says so; Gemini is sent it',
    'messages.*.content.*.title': 'names a document whose content is carried',
    'messages.*.content.*.thinking': 'means something to the vendor that has sealed it only',
    'tools.*.eager_input_streaming': 'cuts the pieces of a stream elsewhere',
  },
  gemini: {
    labels: 'labels a bill of that vendor',
    'generationConfig.seed': 'is a wish without a promise; OpenAI is sent it',
    'contents.*.parts.*.inlineData.displayName': 'names a file whose content is carried',
    'contents.*.parts.*.thoughtSignature': 'means something to the vendor that has sealed it only',
    'safetySettings (BLOCK_NONE, OFF)': 'switches filters off that the others do not have',
  },
};

/** Fields of the body itself that may be left behind. */
export function droppedFields(dialect: Dialect): string[] {
  return Object.keys(dropped[dialect]).filter((place) => /^\w+$/.test(place));
}
