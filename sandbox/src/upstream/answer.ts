/** The model's words: always the same for the same prompt, in its language, as long as was asked. Pure. */
import { splitTokens } from './tokens.ts';

interface Phrases {
  opening: string;
  middle: string[];
  closing: string;
  separator: string;
}

const english: Phrases = {
  opening: 'Here is a short answer to get you started.',
  middle: [
    'The main idea is to begin with the simplest case and measure before changing anything.',
    'Two details usually matter most: what the input looks like, and who relies on the result.',
    'A small example makes it concrete, so try it with one record first.',
    'If the numbers surprise you, check the units and the time zone.',
    'Once the first case works, add the remaining ones one at a time.',
  ],
  closing: 'Tell me more about your setup and I can be more specific.',
  separator: ' ',
};

const chinese: Phrases = {
  opening: '先给你一个简短的回答。',
  middle: [
    '核心思路是从最简单的情形入手，改动之前先测量。',
    '通常有两点最关键：输入是什么样子，以及谁在依赖结果。',
    '举个小例子会更清楚，建议先用一条数据试一试。',
    '如果数字出乎意料，请检查单位和时区。',
    '第一种情形跑通之后，再逐个补上其余的。',
  ],
  closing: '告诉我更多背景，我可以说得更具体。',
  separator: '',
};

const MIDDLE_USUAL = 2;

/** The tokens of the answer; `length` where one is asked for, a few sentences otherwise. */
export function composeAnswer(prompt: string, length: number | undefined): string[] {
  const phrases = /\p{Script=Han}/u.test(prompt) ? chinese : english;
  const start = hash(prompt) % phrases.middle.length;
  const wanted = length === undefined ? MIDDLE_USUAL : phrases.middle.length;
  const text = compose(phrases, start, wanted);
  if (length === undefined) return splitTokens(text);
  const tokens = splitTokens(text + phrases.separator);
  return Array.from({ length }, (_, index) => tokens[index % tokens.length] ?? '');
}

function compose(phrases: Phrases, start: number, count: number): string {
  const middle = Array.from(
    { length: count },
    (_, index) => phrases.middle[(start + index) % phrases.middle.length],
  );
  return [phrases.opening, ...middle, phrases.closing].join(phrases.separator);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
