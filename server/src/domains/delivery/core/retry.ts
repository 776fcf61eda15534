/** When a message that could not be sent is tried again. */

/** The last try comes about a day after the first. */
export const attemptsMax = 12;

const firstDelayMs = 30_000;
const delayMaxMs = 4 * 3_600_000;

/** Milliseconds until the next try, twice as long each time; undefined: give up. */
export function retryDelayMs(attempts: number): number | undefined {
  if (attempts >= attemptsMax) return undefined;
  return Math.min(firstDelayMs * 2 ** (attempts - 1), delayMaxMs);
}
