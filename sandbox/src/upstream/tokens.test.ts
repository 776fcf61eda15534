import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { composeAnswer } from './answer.ts';
import { countTokens, splitTokens } from './tokens.ts';

describe('splitTokens', () => {
  test.prop([fc.string({ unit: 'grapheme' })])('loses nothing', (text) => {
    expect(splitTokens(text).join('')).toBe(text);
  });

  test.prop([fc.string({ unit: 'grapheme', minLength: 1 })])(
    'makes the first k tokens count as k',
    (text) => {
      let bytes = 0;
      for (const [index, token] of splitTokens(text).entries()) {
        bytes += Buffer.byteLength(token);
        expect(countTokens(bytes)).toBe(index + 1);
      }
    },
  );
});

describe('composeAnswer', () => {
  test('says the same to the same prompt, in its language', () => {
    expect(composeAnswer('How do I bill?', undefined)).toEqual(
      composeAnswer('How do I bill?', undefined),
    );
    expect(composeAnswer('How do I bill?', undefined).join('')).toMatch(/^Here is/);
    expect(composeAnswer('怎么计费？', undefined).join('')).toMatch(/^先给你/);
  });

  test.each([0, 1, 50, 2_000])('is %i tokens long when asked to', (length) => {
    expect(composeAnswer('x', length)).toHaveLength(length);
  });
});
