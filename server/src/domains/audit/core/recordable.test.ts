/** Whatever the field is called and however deep it lies, nothing that looks like a secret is stored. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { recordable } from './recordable.ts';
import { isCardNumber } from './secret-shapes.ts';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'];
const word = (minLength: number, maxLength = 60) =>
  fc
    .array(fc.constantFrom(...letters), { minLength, maxLength })
    .map((parts) => `${parts.join('')}7x`);

const pem = word(40, 200).map(
  (body) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`,
);
const beginnings = fc.constantFrom('4', '51', '2221', '34', '36', '3528', '6011', '62');
const lengths: Record<string, number> = { 34: 15, 36: 14 };

/** A number of a card: the last digit makes the sum right. */
const card = fc
  .tuple(beginnings, fc.stringMatching(/^\d{16}$/), fc.constantFrom('', ' ', '-'))
  .map(([beginning, digits, between]) => {
    const open = (beginning + digits).slice(0, (lengths[beginning] ?? 16) - 1);
    const number = [...'0123456789'].map((last) => open + last).find(isCardNumber) ?? '';
    return number.match(/.{1,4}/g)?.join(between) ?? '';
  });

const secret = fc.oneof(
  fc
    .tuple(fc.constantFrom('sk-', 'ak-', 'sk_live_', 'whsec_'), word(20))
    .map((parts) => parts.join('')),
  fc.tuple(word(8), word(8), word(8)).map((parts) => `eyJ${parts.join('.')}`),
  pem,
  card,
  word(16).map((text) => `otpauth://totp/Sluice:ada?secret=${text}&issuer=Sluice`),
);
const before = fc.constantFrom('', ' ', 'was: ', '\n', '(', '"', '号');
const after = fc.constantFrom('', ' ', ' was', '\n', ')', '"', ', then ', '。');
const name = fc.constantFrom('note', 'reason', 'value', 'settings', 'label', '备注');

/** The text anywhere in an object of arrays and objects. */
const nested = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.oneof(name, fc.constant('[]')), { minLength: 1, maxLength: 6 }), name);

function put([text, path, last]: [string, string[], string]): Record<string, unknown> {
  const inside = path.reduceRight<unknown>(
    (value, step) => (step === '[]' ? ['x', value] : { [step]: value }),
    text,
  );
  return { [last]: inside };
}

describe('recordable', () => {
  property.prop([fc.tuple(before, secret, after), name])(
    'keeps no secret, however it is called and whatever stands around it',
    ([first, hidden, last], field) => {
      const stored = JSON.stringify(recordable({ [field]: first + hidden + last }));
      expect(stored).not.toContain(JSON.stringify(hidden).slice(1, -1));
      const digits = hidden.replace(/\D/g, '');
      if (isCardNumber(digits)) expect(stored.replace(/\D/g, '')).not.toContain(digits);
    },
  );

  property.prop([nested(secret)])('keeps none however deep it lies', (place) => {
    const stored = JSON.stringify(recordable(put(place)));
    expect(stored).not.toContain(JSON.stringify(place[0]).slice(1, -1));
  });

  property.prop([fc.object(), fc.constantFrom('user', 'invitation')])(
    'answers the same when it is given its own answer',
    (values, kind) => {
      const once = recordable(values as Record<string, unknown>, kind);
      expect(recordable(once, kind)).toEqual(once);
    },
  );

  property.prop([fc.emailAddress(), before, after])(
    'shows of a mail address that is not the record itself one letter and the host',
    (address, first, last) => {
      const stored = JSON.stringify(recordable({ note: first + address + last }, 'invitation'));
      expect(stored).not.toContain(JSON.stringify(address).slice(1, -1));
    },
  );

  test('keeps the contacts of the record itself', () => {
    expect(recordable({ email: 'ada@example.com', phone: '+49 30 1234567' }, 'user')).toEqual({
      email: 'ada@example.com',
      phone: '+49 30 1234567',
    });
  });

  test.each([
    ['ada@example.com', 'a…@example.com'],
    ['write to ada.l+x@mail.example.co.uk now', 'write to a…@mail.example.co.uk now'],
    ['13800138000', '138…00'],
    ['+49 30 1234567', '+49…67'],
    ['order 2026111812345678901234567890', 'order 2026111812345678901234567890'],
    ['4242 4242 4242 4242', '[card …4242]'],
    ['4242424242424241', '4242424242424241'],
    ['postgres://sluice:hunter2@db/sluice', 'postgres://sluice:[masked]@db/sluice'],
    ['https://x.example/cb?state=1&token=abc', 'https://x.example/cb?state=1&token=[masked]'],
    ['Bearer abcdefgh12345', 'Bearer [masked]'],
    ['key_01kafj2m3z9k5q8w7x6v4t3r2s1p', 'key_01kafj2m3z9k5q8w7x6v4t3r2s1p'],
  ])('writes %s as %s', (text, stored) => {
    expect(recordable({ note: text }, 'thing')).toEqual({ note: stored });
  });

  test('leaves amounts alone, also where they could be the number of a card', () => {
    expect(recordable({ amount: 4242424242424242n, nanos: 4242424242424242 })).toEqual({
      amount: '4242424242424242',
      nanos: 4242424242424242,
    });
  });

  test('takes no longer than a blink for what was made to be slow', () => {
    const hostile = ['eyJ', 'a@', '-----BEGIN A-----', '1 ', 'sk-', '+1 ', '://a:', 'a.'].map(
      (part) => part.repeat(100_000),
    );
    const startedMs = performance.now();
    recordable({ hostile });
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});
