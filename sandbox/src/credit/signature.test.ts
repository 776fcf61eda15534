import { describe, expect, test } from 'vitest';
import { isSignedSubmission, sign } from './signature.ts';
import { notifyVector, submissionVectors, twoSpellingsVector } from './signature-vectors.ts';

describe('sign', () => {
  test.each(submissionVectors)(
    'gives the known answer for $name',
    ({ fields, key, sign: known }) => {
      expect(sign(fields, key)).toBe(known);
    },
  );

  test('gives the known answer for a notification', () => {
    expect(sign(notifyVector.fields, notifyVector.key)).toBe(notifyVector.sign);
    expect(sign(notifyVector.fields, '')).toBe(notifyVector.signWithEmptyKey);
  });
});

describe('isSignedSubmission', () => {
  test.each(submissionVectors)('accepts $name', ({ fields, fixedMoney, key, sign: known }) => {
    expect(isSignedSubmission({ ...fields, sign: known }, fixedMoney, key)).toBe(true);
    expect(isSignedSubmission({ ...fields, sign: known.toUpperCase() }, fixedMoney, key)).toBe(
      true,
    );
  });

  test.each(twoSpellingsVector.signs)('accepts either spelling of the amount: %s', (known) => {
    const { fields, money, key } = twoSpellingsVector;
    expect(isSignedSubmission({ ...fields, sign: known }, money, key)).toBe(true);
  });

  test('refuses another amount, another key and no signature', () => {
    const { fields, money, key, signs } = twoSpellingsVector;
    const signed = { ...fields, sign: signs[0] ?? '' };
    expect(isSignedSubmission(signed, '1000.00', key)).toBe(false);
    expect(isSignedSubmission(signed, money, 'OTHER')).toBe(false);
    expect(isSignedSubmission(fields, money, key)).toBe(false);
  });

  test('signs over its own list of fields: one more breaks the signature', () => {
    const { fields, money, key } = twoSpellingsVector;
    const known = sign({ ...fields, money, param: 'x' }, key);
    expect(isSignedSubmission({ ...fields, param: 'x', sign: known }, money, key)).toBe(false);
  });
});
