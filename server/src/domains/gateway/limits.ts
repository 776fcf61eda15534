/** Every bound of the relay, in one place. */
export interface GatewayLimits {
  /** Largest body of a call. */
  bodyBytesMax: number;
  /** Bodies of all calls in flight together. */
  bodiesBytesMax: number;
  callsMax: number;
  /** Largest answer that is not a stream: it is held until it is paid for. */
  answerBytesMax: number;
  /** Channels tried for one call. */
  attemptsMax: number;
  /** Life of a hold; it is renewed every third of it. */
  holdMs: number;
  /** Silence of an upstream before its answer: one that is no stream comes after all the thinking. */
  firstByteTimeoutMs: number;
  /** Silence within an answer. */
  idleTimeoutMs: number;
  totalTimeoutMs: number;
  /** After a caller left, its upstream is read on for its usage within these bounds. */
  drainMs: number;
  drainBytesMax: number;
  drainsMax: number;
  /** How long a stopping process waits for the calls in flight. */
  closeMs: number;
  /** Tries to record a finished call before it is given up; access itself waits out a restart of the database. */
  settleAttemptsMax: number;
  settleRetryMs: number;
  /** How often deadlines are looked at. */
  tickMs: number;
}

const mebibyte = 1024 * 1024;

export const gatewayLimits: GatewayLimits = {
  bodyBytesMax: 16 * mebibyte,
  bodiesBytesMax: 256 * mebibyte,
  callsMax: 10_000,
  answerBytesMax: 32 * mebibyte,
  attemptsMax: 4,
  holdMs: 120_000,
  firstByteTimeoutMs: 900_000,
  idleTimeoutMs: 300_000,
  totalTimeoutMs: 1_800_000,
  drainMs: 30_000,
  drainBytesMax: 4 * mebibyte,
  drainsMax: 256,
  closeMs: 60_000,
  settleAttemptsMax: 3,
  settleRetryMs: 250,
  tickMs: 500,
};
