import { describe, expect, test } from 'vitest';
import { describeLine, lineCodes } from './line-words.ts';

const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('describeLine', () => {
  test.each(lineCodes)('%s names the same parameters in every language', (code) => {
    const [english, chinese] = (['en', 'zh-CN'] as const).map((locale) =>
      describeLine({ code, params: {} }, locale),
    );
    expect(placesOf(chinese ?? '')).toEqual(placesOf(english ?? ''));
  });

  test('puts in the parameters, whatever is in them', () => {
    const text = { code: 'package', params: { name: '$& {days}', days: '30' } } as const;
    expect(describeLine(text, 'en')).toBe('$& {days} (30 d)');
    expect(describeLine(text, 'zh-CN')).toBe('$& {days}（30 天）');
  });
});
