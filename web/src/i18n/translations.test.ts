import { describe, expect, test } from 'vitest';
import en from './en.ts';
import { languageOf } from './language.ts';
import zh from './zh-cn.ts';

/** All messages of a language by their path. */
function flatten(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : flatten(value, `${path}${key}.`),
  );
}

/** The names that a message fills in: `{amount}`, `{days, plural, …}`, `<when>`. */
function argumentsOf(message: string): string[] {
  const names = message.matchAll(/\{\s*(\w+)\s*[,}]|<(\w+)>/g);
  return [...new Set([...names].map(([, value, tag]) => value ?? tag ?? ''))].sort();
}

const english = new Map(flatten(en));
const chinese = new Map(flatten(zh));

describe('translations', () => {
  test('both languages have the same messages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test('each message fills in the same names in both languages', () => {
    const differing = [...english].filter(
      ([path, message]) => `${argumentsOf(chinese.get(path) ?? '')}` !== `${argumentsOf(message)}`,
    );
    expect(differing).toEqual([]);
  });
});

describe('languageOf', () => {
  test.each([
    [['zh-Hans-CN', 'en'], 'zh-CN'],
    [['fr', 'zh-TW'], 'zh-CN'],
    [['en-GB'], 'en'],
    [['fr'], 'en'],
  ] as const)('a browser that prefers %j gets %s', (preferred, language) => {
    expect(languageOf(preferred)).toBe(language);
  });
});
