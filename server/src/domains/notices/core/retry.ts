/** When a chat that could not be reached is tried again. */

/** The last try comes about four hours after the first. */
export const attemptsMax = 9;

const firstDelayMs = 30_000;
const delayMaxMs = 2 * 3_600_000;

/** Milliseconds until the next try, twice as long each time, and never sooner than the chat asked; undefined: give up. */
export function retryDelayMs(attempts: number, askedMs = 0): number | undefined {
  if (attempts >= attemptsMax) return undefined;
  return Math.max(Math.min(firstDelayMs * 2 ** (attempts - 1), delayMaxMs), askedMs);
}
