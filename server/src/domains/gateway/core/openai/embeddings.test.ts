import { describe, expect, it } from 'vitest';
import { embeddings } from './embeddings.ts';

const address = { headers: {} };
const read = (body: object) =>
  embeddings.readRequest(Buffer.from(JSON.stringify({ model: 'm', input: 'x', ...body })), address);

describe('embeddings', () => {
  it.each(['text', ['one', 'two'], [1, 2, 3], [[1, 2], [3]]])(
    'take %j, which has no output',
    (input) => {
      expect(read({ input, encoding_format: 'base64', dimensions: 256 })).toMatchObject({
        accepted: true,
        request: { model: 'm', maxOutputTokens: 0, isStream: false },
      });
    },
  );

  it.each([
    ['input', []],
    ['input', null],
    ['input', [{ type: 'image_url' }]],
    ['input', [['text']]],
    ['stream', true],
    ['provider', { order: ['x'] }],
    ['model', 7],
  ])('refuse %s as %j, naming the field', (param, value) => {
    expect(read({ [param]: value })).toMatchObject({
      accepted: false,
      refusal: { status: 400, param },
    });
  });

  it('are billed for their input', () => {
    const usage = { prompt_tokens: 8, total_tokens: 8 };
    const body = { object: 'list', data: [{ embedding: [0.1] }], usage };
    const report = embeddings.readAnswer(Buffer.from(JSON.stringify(body)));
    expect(report).toMatchObject({ isFailure: false, usage: { inputTokens: 8, outputTokens: 0 } });
    expect(embeddings.readAnswer(Buffer.from('{"error":{}}'))).toMatchObject({ isFailure: true });
  });

  it('count their input without a report, a token that comes as a number as one', () => {
    const count = (text: string) => text.length;
    expect(embeddings.countInput('{"input":["ab","c"]}', count)).toBe(3);
    expect(embeddings.countInput('{"input":[[7,8],[9]]}', count)).toBe(3);
  });
});
