import { describe, expect, it } from 'vitest';
import { readChatEvent } from './chat-stream.ts';

const read = (text: string) => readChatEvent(Buffer.from(`${text}\n\n`));

describe('readChatEvent', () => {
  it.each([
    ['data: [DONE]', { kind: 'done' }],
    ['data:[DONE]', { kind: 'done' }],
    [': OPENROUTER PROCESSING', { kind: 'comment' }],
    ['data: {"choices":[{"delta":{"content":"hello"}}],"usage":null}', { kind: 'output' }],
    ['data: {"choices":[{"delta":{"content":"hello"}}],"error":null}', { kind: 'output' }],
    [
      'data: {"choices":[],"usage":{"prompt_tokens":1}}',
      { kind: 'usage', usage: { prompt_tokens: 1 }, isAlone: true },
    ],
    [
      'data: {"choices":[{"delta":{}}],"usage": {"prompt_tokens":1}}',
      { kind: 'usage', usage: { prompt_tokens: 1 }, isAlone: false },
    ],
    ['data: {"usage":{"prompt_tokens":\ndata: 1},"choices":[]}', { kind: 'usage' }],
    ['data: {"error":{"message":"overloaded"}}', { kind: 'error' }],
    ['event: error\ndata: {"message":"overloaded"}', { kind: 'error' }],
    ['data: {"choices":[{"delta":{"content":"{\\"usage\\":{}}"}}]}', { kind: 'output' }],
    ['data: {"choices":[{"delta":{"content":"{\\"error\\":{}}"}}]}', { kind: 'output' }],
    ['data: {"choices":[{"logprobs":[{"token":"usage"}]}]}', { kind: 'output' }],
    ['data: {"choices":[{"delta":{"usage":{"a":1}}}]}', { kind: 'output' }],
    ['data: {"choices": broken "usage":{', { kind: 'output' }],
  ])('reads %s', (text, event) => {
    expect(read(text)).toMatchObject(event);
  });
});
