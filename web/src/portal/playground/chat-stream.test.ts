import { afterEach, describe, expect, test, vi } from 'vitest';
import { CallError, startChat, textOf } from './chat-stream.ts';

const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}`;

afterEach(() => vi.unstubAllGlobals());

function answerWith(pieces: Uint8Array[], init: ResponseInit = {}) {
  const sent = vi.fn(async (_path: string, _init: RequestInit) => {
    const body = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
    return new Response(body, { headers: { 'x-request-id': 'req_1' }, ...init });
  });
  vi.stubGlobal('fetch', sent);
  return sent;
}

const ask = () =>
  startChat({
    ...{ secret: 'sk-1', model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
    maxTokens: 5,
    signal: new AbortController().signal,
  });

async function read(text: AsyncGenerator<string>) {
  let all = '';
  for await (const piece of text) all += piece;
  return all;
}

describe('startChat', () => {
  test('reads an answer in whatever pieces it comes', async () => {
    const bytes = new TextEncoder().encode(
      `${delta('Grüße, ')}\r\n\r\n${delta('世界')}\n\ndata: [DONE]\n\n`,
    );
    const sent = answerWith(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    const { requestId, text } = await ask();
    expect(requestId).toBe('req_1');
    expect(await read(text)).toBe('Grüße, 世界');
    const [path, init] = sent.mock.calls[0] ?? [];
    expect(path).toBe('/v1/chat/completions');
    expect(init).toMatchObject({ credentials: 'omit', headers: { authorization: 'Bearer sk-1' } });
    expect(JSON.parse(String(init?.body))).toEqual({
      ...{ model: 'm', stream: true, max_completion_tokens: 5 },
      messages: [{ role: 'user', content: 'Hi' }],
    });
  });

  test('says why a call is refused', async () => {
    const error = { error: { code: 'insufficient_quota', message: 'Top up.' } };
    answerWith([new TextEncoder().encode(JSON.stringify(error))], { status: 402 });
    await expect(ask()).rejects.toMatchObject({ code: 'insufficient_quota', message: 'Top up.' });
  });

  test('says that nothing answered', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    await expect(ask()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('ends with the error that broke the stream off', async () => {
    const lines = `${delta('Half')}\n\ndata: {"error":{"code":"upstream_failed","message":"Broke."}}\n\n`;
    answerWith([new TextEncoder().encode(lines)]);
    const { text } = await ask();
    expect((await text.next()).value).toBe('Half');
    await expect(text.next()).rejects.toBeInstanceOf(CallError);
  });
});

describe('textOf', () => {
  test.each([
    ['', ''],
    [': ping', ''],
    ['event: x', ''],
    ['data: [DONE]', ''],
    ['data: {"choices":[]}', ''],
    ['data: {"choices":[{"delta":{"content":null}}]}', ''],
    [delta('a'), 'a'],
  ])('%j adds %j', (line, text) => {
    expect(textOf(line)).toBe(text);
  });
});
