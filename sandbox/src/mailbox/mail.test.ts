import { describe, expect, test } from 'vitest';
import { findLinks } from './mail.ts';

describe('findLinks', () => {
  test.each([
    [
      'Open http://localhost:9000/verify?token=a-b_c.',
      ['http://localhost:9000/verify?token=a-b_c'],
    ],
    ['请打开（https://example.com/重置?token=1）。', ['https://example.com/重置?token=1']],
    ['<https://example.com/a> and https://example.com/a', ['https://example.com/a']],
    ['ftp://example.com and nothing else', []],
  ])('finds the addresses in %s', (text, links) => {
    expect(findLinks(text, null)).toEqual(links);
  });

  test('decodes the ampersands of HTML, so that both parts name the same address once', () => {
    const html = '<p><a href="https://example.com/?a=1&amp;token=2">Verify</a></p>';
    expect(findLinks('https://example.com/?a=1&token=2', html)).toEqual([
      'https://example.com/?a=1&token=2',
    ]);
  });
});
