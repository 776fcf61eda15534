import { expect, test } from 'vitest';
import { rawField } from './raw-field.ts';

test.each<[string, string | undefined]>([
  ['{"a":1,"event":{"b": [1, {"c":"}"}]}}', '{"b": [1, {"c":"}"}]}'],
  ['{ "event" : { "x" : "\\"}{" , "y":1.0 } , "a":2}', '{ "x" : "\\"}{" , "y":1.0 }'],
  ['{"event":"a\\/b\\u00e9","a":"event"}', '"a\\/b\\u00e9"'],
  ['{"event":12.50 ,"a":1}', '12.50'],
  ['{"event":null}', 'null'],
  ['{"\\u0065vent":true}', 'true'],
  ['{"a":{"event":1}}', undefined],
  ['{"event":1,"event":2}', undefined],
  ['{}', undefined],
])('of %s it is %s', (text, expected) => {
  expect(() => JSON.parse(text)).not.toThrow();
  expect(rawField(text, 'event')).toBe(expected);
});
