/** Redemption codes as people type them, and when one may be redeemed. */
import { codeAlphabet } from './code.ts';

/** Five random bits each: 100 in all, which nobody guesses. */
export const redemptionCodeLength = 20;

/** `SLC-7Q4M-X2HV-9KTR-WB6N-EJ3C`; `bytes` are random, and 256 is a multiple of the alphabet's 32. */
export function redemptionCodeOf(bytes: Uint8Array): string {
  const letters = Array.from(
    bytes.slice(0, redemptionCodeLength),
    (byte) => codeAlphabet[byte % codeAlphabet.length],
  ).join('');
  return `SLC-${(letters.match(/.{4}/g) ?? []).join('-')}`;
}

/** What is hashed: spaces, hyphens and small letters make no difference to what was handed out. */
export function canonicalCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}

export interface CodeFacts {
  state: 'unused' | 'redeemed' | 'void';
  expiresAt: Date | null;
  maxPerOrganization: number;
  /** Codes of the batch that this organization has redeemed. */
  redeemed: number;
  now: Date;
}

/** Used, void and expired codes are told apart by nobody: they answer as one that never was. */
export function decideRedemption(facts: CodeFacts | undefined): 'redeem' | 'invalid' | 'limit' {
  if (facts?.state !== 'unused') return 'invalid';
  if (facts.expiresAt !== null && facts.expiresAt <= facts.now) return 'invalid';
  return facts.redeemed < facts.maxPerOrganization ? 'redeem' : 'limit';
}
