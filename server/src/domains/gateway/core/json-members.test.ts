import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseMember, scanMembers } from './json-members.ts';

const scan = (text: string) => {
  const bytes = Buffer.from(text);
  return scanMembers(bytes)?.map((member) => [
    member.name,
    bytes.toString('utf8', member.start, member.end),
  ]);
};

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

describe('scanMembers', () => {
  test.prop([fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.nat(4)])(
    'finds the members that JSON.parse finds, whatever the white space',
    (value, indent) => {
      const bytes = Buffer.from(JSON.stringify(value, null, indent));
      const parsed = JSON.parse(bytes.toString());
      const members = scanMembers(bytes);
      expect(members?.map(({ name }) => name)).toEqual(Object.keys(parsed));
      for (const member of members ?? []) {
        expect(parseMember(bytes, member)).toEqual(parsed[member.name]);
      }
    },
  );

  test.prop([fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), fc.nat(255)])(
    'agrees with JSON.parse on every damaged body that is still one',
    (value, position, byte) => {
      const bytes = Buffer.from(JSON.stringify(value));
      bytes[position % bytes.length] = byte;
      const parsed = parseObject(bytes.toString());
      const members = scanMembers(bytes);
      if (parsed === undefined) return;
      const last = new Map(members?.map((member) => [member.name, parseMember(bytes, member)]));
      expect(Object.fromEntries(last)).toEqual(parsed);
    },
  );

  test.prop([fc.jsonValue()])('finds none in anything but an object', (value) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    expect(scanMembers(Buffer.from(JSON.stringify(value))) !== undefined).toBe(isObject);
  });

  it.each([
    ['', undefined],
    ['{', undefined],
    ['{}', []],
    [' { } ', []],
    ['{}x', undefined],
    ['{"a":1,}', undefined],
    ['{"a" 1}', undefined],
    ['{"a":}', undefined],
    ['{a:1}', undefined],
    ["{'a':1}", undefined],
    ['{"a":01}', undefined],
    ['{"a":NaN}', undefined],
    ['{"a":+1}', undefined],
    ['{"a":[1}', undefined],
    ['{"a":[{]}}', undefined],
    ['{"a":"\\"}', undefined],
    ['{"a":"\\\\"}', [['a', '"\\\\"']]],
    [
      '{"a":"}","b":{"c":"]"}}',
      [
        ['a', '"}"'],
        ['b', '{"c":"]"}'],
      ],
    ],
    ['{"mod\\u0065l":1}', [['model', '1']]],
    [
      '{"a":1,"a":2}',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['{"a":1}/* b */', undefined],
    ['{"a":1,//b\n"c":2}', undefined],
  ])('reads %j', (text, members) => {
    expect(scan(text)).toEqual(members);
  });

  it('bounds nesting and the number of members', () => {
    expect(scan(`{"a":${'['.repeat(600)}${']'.repeat(600)}}`)).toBeUndefined();
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [index, 0]));
    expect(scan(JSON.stringify(many))).toBeUndefined();
  });
});
