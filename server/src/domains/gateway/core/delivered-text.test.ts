import { describe, expect, it } from 'vitest';
import { DeliveredText } from './delivered-text.ts';
import { chatAnswerText, readChatDelivered } from './openai/chat-text.ts';

const event = (delta: object, finish: string | null = null) =>
  Buffer.from(`data: ${JSON.stringify({ choices: [{ delta, finish_reason: finish }] })}\n\n`);

describe('DeliveredText', () => {
  it('collects what the model wrote: content, reasoning, refusals, calls of tools', () => {
    const delivered = new DeliveredText(readChatDelivered);
    delivered.add(event({ role: 'assistant', content: 'a' }));
    delivered.add(Buffer.concat([event({ reasoning_content: 'b' }), event({ refusal: 'c' })]));
    const call = { id: 'call_1', type: 'function', function: { name: 'd', arguments: 'e' } };
    delivered.add(event({ tool_calls: [call] }));
    delivered.add(Buffer.from(': keep-alive\n\ndata: half an ev'));
    expect(delivered.text()).toBe('abcde');
    expect(delivered.isFinished()).toBe(false);
  });

  it('knows when an answer said why it ended', () => {
    const delivered = new DeliveredText(readChatDelivered);
    delivered.add(event({}, 'stop'));
    expect(delivered.isFinished()).toBe(true);
  });

  it('keeps the text of a long stream', () => {
    const delivered = new DeliveredText(readChatDelivered);
    for (let index = 0; index < 5000; index += 1) delivered.add(event({ content: 'word ' }));
    expect(delivered.text()).toBe('word '.repeat(5000));
  });
});

describe('chatAnswerText', () => {
  it('reads every choice of a whole answer', () => {
    const message = { role: 'assistant', content: 'a' };
    expect(chatAnswerText(JSON.stringify({ choices: [{ message }, { message }] }))).toBe('aa');
    expect(chatAnswerText('no json')).toBe('');
  });
});
