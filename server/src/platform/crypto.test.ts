import { expect, test } from 'vitest';
import { createSealer, newSecret, SealNotOpened, sameSecret, sealedUnder } from './crypto.ts';

const sealer = createSealer('a secret of the deployment, 32 characters');

test('opens what it sealed, for the same purpose only', () => {
  const sealed = sealer.seal('密钥 secret', 'payments.credit');
  expect(sealer.open(sealed, 'payments.credit')).toBe('密钥 secret');
  expect(() => sealer.open(sealed, 'payments.other')).toThrow();
});

test('opens nothing that was altered or sealed under another key', () => {
  const sealed = sealer.seal('secret', 'x');
  const altered = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
  expect(() => sealer.open(altered, 'x')).toThrow();
  expect(() => createSealer('another secret of 32 characters....').open(sealed, 'x')).toThrow();
});

const oldKey = 'the key of before, of 32 characters or more';
const newKey = 'the key of today, of 32 characters or more';

test('opens with either of two keys, and says under which it is sealed', () => {
  const old = createSealer(oldKey);
  const rotated = createSealer(newKey, { beside: [oldKey] });
  const sealed = old.seal('secret', 'x');
  expect(sealedUnder(sealed)).toBe(old.keyId);
  expect(rotated.open(sealed, 'x')).toBe('secret');
  expect(sealedUnder(rotated.seal('secret', 'x'))).toBe(rotated.keyId);
  expect(createSealer(oldKey, { beside: [newKey] }).open(rotated.seal('new', 'x'), 'x')).toBe(
    'new',
  );
});

test('names the key that is missing', () => {
  const old = createSealer(oldKey);
  const open = () => createSealer(newKey).open(old.seal('secret', 'x'), 'x');
  expect(open).toThrow(SealNotOpened);
  expect(open).toThrow(old.keyId);
});

test('opens what was sealed before keys had names, with the key that fits', () => {
  const [form, text] = createSealer(oldKey).seal('secret', 'x').split('.');
  const nameless = `${form}.${text}`;
  expect(sealedUnder(nameless)).toBeUndefined();
  expect(createSealer(oldKey).open(nameless, 'x')).toBe('secret');
  expect(createSealer(newKey, { beside: [oldKey] }).open(nameless, 'x')).toBe('secret');
  expect(() => createSealer(newKey).open(nameless, 'x')).toThrow();
});

test('derives from the root, whatever the key', () => {
  const before = createSealer(oldKey).derive('audit');
  expect(createSealer(newKey, { beside: [oldKey], root: oldKey }).derive('audit')).toEqual(before);
  expect(createSealer(newKey).derive('audit')).not.toEqual(before);
});

test('never seals the same text alike', () => {
  expect(sealer.seal('secret', 'x')).not.toBe(sealer.seal('secret', 'x'));
});

test('secrets have 256 bits behind their prefix', () => {
  expect(newSecret('sk-')).toMatch(/^sk-[\w-]{43}$/);
  expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('', 'a')]).toEqual([
    true,
    false,
    false,
  ]);
});
