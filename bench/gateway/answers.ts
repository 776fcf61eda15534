/** What a language model answers, in each dialect: a short text, or a stream of it in as many events as a real one sends. */

export interface Answer {
  whole: string;
  first: string;
  /** Sent `eventCount` times. */
  delta: string;
  last: string;
}

export const eventCount = 20;
const input = 12;
const content = 'The quick brown fox jumps over the lazy dog, twice. ';
const piece = ' fox';

const data = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
const named = (fields: { type: string }) => `event: ${fields.type}\n${data(fields)}`;

function chat(): Answer {
  const frame = { id: 'chatcmpl-bench', created: 1_760_000_000, model: 'gpt-4o-mini' };
  const usage = {
    ...{ prompt_tokens: input, completion_tokens: eventCount },
    total_tokens: input + eventCount,
  };
  const chunk = (fields: object) => data({ ...frame, object: 'chat.completion.chunk', ...fields });
  const choice = (delta: object, finish_reason: string | null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason }], usage: null });
  return {
    whole: JSON.stringify({
      ...frame,
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage,
    }),
    first: '',
    delta: choice({ content: piece }, null),
    last: `${choice({}, 'stop')}${chunk({ choices: [], usage })}data: [DONE]\n\n`,
  };
}

function responses(): Answer {
  const part = { type: 'output_text', text: content, annotations: [] };
  const item = { id: 'msg_bench', type: 'message', role: 'assistant', content: [part] };
  const frame = { id: 'resp_bench', object: 'response', model: 'gpt-4o-mini' };
  const usage = {
    ...{ input_tokens: input, input_tokens_details: { cached_tokens: 0 } },
    ...{ output_tokens: eventCount, output_tokens_details: { reasoning_tokens: 0 } },
    total_tokens: input + eventCount,
  };
  const done = {
    ...frame,
    ...{ status: 'completed', output: [{ ...item, status: 'completed' }], usage },
  };
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  return {
    whole: JSON.stringify(done),
    first: named({ type: 'response.created', ...{ response: { ...frame, output: [] } } }),
    delta: named({ type: 'response.output_text.delta', ...place, ...{ delta: piece } }),
    last: named({ type: 'response.completed', ...{ response: done } }),
  };
}

function embeddings(): Answer {
  const embedding = Array.from({ length: 256 }, (_, index) => index / 1000);
  const usage = { prompt_tokens: input, total_tokens: input };
  const list = [{ object: 'embedding', index: 0, embedding }];
  const model = 'text-embedding-3-small';
  const whole = JSON.stringify({ object: 'list', data: list, model, usage });
  return { whole, first: '', delta: '', last: '' };
}

function messages(): Answer {
  const frame = {
    ...{ id: 'msg_bench', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' },
    stop_sequence: null,
  };
  const usage = { input_tokens: input, output_tokens: eventCount };
  const message = {
    ...frame,
    content: [],
    stop_reason: null,
    usage: { ...usage, output_tokens: 1 },
  };
  const block = { index: 0, content_block: { type: 'text', text: '' } };
  const delta = { index: 0, delta: { type: 'text_delta', text: piece } };
  const stop = { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage };
  return {
    whole: JSON.stringify({
      ...frame,
      ...{ content: [{ type: 'text', text: content }], stop_reason: 'end_turn', usage },
    }),
    first:
      named({ type: 'message_start', ...{ message } }) +
      named({ type: 'content_block_start', ...block }),
    delta: named({ type: 'content_block_delta', ...delta }),
    last:
      named({ type: 'content_block_stop', ...{ index: 0 } }) +
      named({ type: 'message_delta', ...stop }) +
      named({ type: 'message_stop' }),
  };
}

function gemini(): Answer {
  const frame = { modelVersion: 'gemini-2.5-flash', responseId: 'bench' };
  const usageMetadata = {
    ...{ promptTokenCount: input, candidatesTokenCount: eventCount },
    totalTokenCount: input + eventCount,
  };
  const part = (text: string, finish: object) => ({
    candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...finish }],
  });
  const end = { finishReason: 'STOP' };
  return {
    whole: JSON.stringify({ ...part(content, end), ...frame, usageMetadata }),
    first: '',
    delta: data({ ...part(piece, {}), ...frame }),
    last: data({ ...part('', end), ...frame, usageMetadata }),
  };
}

const byPath: readonly (readonly [end: RegExp, answer: Answer])[] = [
  [/\/chat\/completions$/, chat()],
  [/\/responses$/, responses()],
  [/\/embeddings$/, embeddings()],
  [/\/messages$/, messages()],
  [/:(?:streamG|g)enerateContent/, gemini()],
];

/** What is answered at an address; undefined where there is nothing. */
export function answerAt(url: string): Answer | undefined {
  return byPath.find(([end]) => end.test(url))?.[1];
}
