import { expect, test } from 'vitest';
import { withoutSecret } from './without-secret.ts';

test.each([
  ['sk-abcdefgh0123456789', 'sk-abcdefgh'],
  ['sk-abc', 'sk-abc'],
  ['ask-abcdefgh0123456789', 'ask-abcdefgh0123456789'],
  ['张三', '张三'],
])('of %s looks for %s', (typed, wanted) => {
  expect(withoutSecret(typed)).toBe(wanted);
});
