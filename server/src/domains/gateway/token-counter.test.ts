import { describe, expect, it } from 'vitest';
import { createTokenCounter, roughTokens } from './token-counter.ts';

describe('createTokenCounter', () => {
  it('counts as the models’ tokenizer does', async () => {
    const counter = createTokenCounter();
    expect(await counter.countText('Hello, world!')).toBe(4);
    expect(await counter.countText('你好,世界')).toBeLessThan(8);
    expect(await counter.countText('<|endoftext|>')).toBeGreaterThan(1);
    expect(await counter.countText('')).toBe(0);
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hello, world!' }] };
    // Three for the message, one for its role, four for its text, three for the answer's beginning.
    expect(await counter.countRequest('openai.chat', Buffer.from(JSON.stringify(body)))).toBe(11);
    expect(await counter.countRequest('openai.chat', Buffer.from('no json'))).toBeGreaterThan(0);
    await counter.close();
  });

  it('counts an image by its size, not by its bytes', async () => {
    const counter = createTokenCounter();
    const url = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const content = [{ type: 'image_url', image_url: { url } }];
    const body = JSON.stringify({ messages: [{ role: 'user', content }] });
    expect(await counter.countRequest('openai.chat', Buffer.from(body))).toBeLessThan(1000);
    await counter.close();
  });

  it('falls back on a rule of thumb when its worker ends', async () => {
    const counter = createTokenCounter();
    const counting = counter.countText('x'.repeat(400));
    await counter.close();
    expect(await counting).toBe(roughTokens(400));
  });
});
