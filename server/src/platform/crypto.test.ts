import { expect, test } from 'vitest';
import { createSealer, newSecret, sameSecret } from './crypto.ts';

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
