/** When a delivery that failed is tried again, and when an endpoint is given up on. */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Waits between one try and the next: the last try comes a little more than three days after the first. */
export const retryDelaysMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];

/** An endpoint where nothing was taken for so long is switched off. */
export const failingMaxMs = 5 * 24 * hourMs;

/** Milliseconds until the next try after that many; undefined: no more. */
export function retryDelayMs(tries: number): number | undefined {
  return retryDelaysMs[tries - 1];
}
