/** What callers ask, in each dialect: the same few words, answered at once or as a stream. */

export interface Asked {
  path: string;
  streamPath: string;
  body: string;
  streamBody: string;
  /** What the last bytes of a whole stream look like. */
  streamEnd: RegExp;
}

const system = 'You are a helpful assistant.';
const words = 'What does the fox say? '.repeat(20);
const messages = [
  { role: 'system', content: system },
  { role: 'user', content: words },
];

/** Asked in a body whose `stream` says how it is answered. */
function ask(path: string, body: object, streamEnd: RegExp): Asked {
  return {
    ...{ path, streamPath: path, streamEnd },
    body: JSON.stringify(body),
    streamBody: JSON.stringify({ ...body, stream: true }),
  };
}

const chatEnd = /\[DONE\]\n\n$/;
const chat = (model: string) =>
  ask('/v1/chat/completions', { model, messages, max_tokens: 100 }, chatEnd);

const generate = JSON.stringify({
  systemInstruction: { parts: [{ text: system }] },
  contents: [{ role: 'user', parts: [{ text: words }] }],
  generationConfig: { maxOutputTokens: 100 },
});
const gemini = '/v1beta/models/gemini-2.5-flash';

export const questions = {
  chat: chat('gpt-4o-mini'),
  responses: ask(
    '/v1/responses',
    { model: 'gpt-4o-mini', instructions: system, input: words, max_output_tokens: 100 },
    /"usage":\{[^}]*\}.*\}\n\n$/s,
  ),
  embeddings: ask('/v1/embeddings', { model: 'text-embedding-3-small', input: words }, /never/),
  messages: ask(
    '/v1/messages',
    {
      ...{ model: 'claude-sonnet-4-5', system, max_tokens: 100 },
      messages: [{ role: 'user', content: words }],
    },
    /"message_stop"\}\n\n$/,
  ),
  gemini: {
    path: `${gemini}:generateContent`,
    streamPath: `${gemini}:streamGenerateContent?alt=sse`,
    body: generate,
    streamBody: generate,
    streamEnd: /"usageMetadata":\{[^}]*\}\}\n\n$/,
  },
  /** In OpenAI's dialect, of a model that an upstream of Anthropic's serves. */
  converted: chat('claude-sonnet-4-5'),
} satisfies Record<string, Asked>;

export type QuestionName = keyof typeof questions;
