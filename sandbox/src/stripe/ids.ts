/** Names of things, as Stripe draws them: what it is, then letters and digits that nobody can guess. */
import { randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function newId(prefix: string, length = 24): string {
  const letters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]);
  return `${prefix}_${letters.join('')}`;
}

/** Whole seconds, as every time of Stripe's is. */
export function secondsOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1_000);
}
