/** Fresh recovery codes, shown once. */
import { randomInt } from 'node:crypto';
import { recoveryAlphabet, recoveryCodesCount, recoveryHalfLength } from './core/recovery-codes.ts';

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
