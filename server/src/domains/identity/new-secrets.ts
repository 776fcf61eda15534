/** Fresh secrets of a second factor, shown once. */
import { randomInt } from 'node:crypto';
import { Secret } from 'otpauth';
import { recoveryAlphabet, recoveryCodesCount, recoveryHalfLength } from './core/recovery-codes.ts';

const secretBytes = 20;

/** The secret of an authenticator, as apps write it. */
export function newTotpSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

/** Fresh codes such as `k3n7p-x2w9d`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodesCount }, () => `${half()}-${half()}`);
}

function half(): string {
  return Array.from(
    { length: recoveryHalfLength },
    () => recoveryAlphabet[randomInt(recoveryAlphabet.length)],
  ).join('');
}
