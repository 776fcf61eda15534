/**
 * A circuit breaker: lets others go first after a failure, shuts after several, and then lets one call at a time find
 * out whether what failed has healed. Each channel has one, each of its keys, and each model that it was refused for.
 */

export interface Breaker {
  /** Shut until one call has shown that it may be closed again. */
  isOpen: boolean;
  /** Wall time in ms: until then no call is sent while it is open, and others go first while it is not. */
  restsUntilMs: number;
  /** Failures in a row. */
  failures: number;
  /** Openings in a row: each lasts longer. */
  openings: number;
  /** Wall time in ms until which the one call that finds out is waited for; 0 when none is under way. */
  probedUntilMs: number;
  /** The last attempts, a bit each, 1 for a failure; and how many of them there were. */
  recent: number;
  recentCount: number;
  /** For whom the last call failed, and whether calls failed for others, too. */
  lastVoice: string | undefined;
  isShared: boolean;
}

/** How long what failed is left alone. */
export type RestLength =
  /** From a second to a minute, doubling with each failure or opening in a row. */
  | { kind: 'growing' }
  /** At once and for as long as was asked; without a figure it grows. */
  | { kind: 'asked'; ms: number | undefined }
  /** At once, from ten seconds to a quarter of an hour: somebody has to mend it. */
  | { kind: 'long' };

/** Whether it can take a call: at once, after all others, or not at all. */
export type Standing = 'ready' | 'hesitant' | 'shut';

const failuresInRowMax = 3;
/** So many of the last attempts are looked at, half of which open it, once there were enough to tell. */
const recentMax = 20;
const recentToTell = 10;
/** One that is still silent then no longer keeps the others waiting: whole answers come after all the thinking. */
const probeMs = 15_000;
const restMinMs = 1000;
const restGrowingMaxMs = 60_000;
const restAskedMaxMs = 300_000;
const restLongMinMs = 10_000;
const restLongMaxMs = 900_000;

export function newBreaker(): Breaker {
  return {
    isOpen: false,
    restsUntilMs: 0,
    failures: 0,
    openings: 0,
    probedUntilMs: 0,
    recent: 0,
    recentCount: 0,
    lastVoice: undefined,
    isShared: false,
  };
}

export function standingOf(breaker: Breaker, nowMs: number): Standing {
  const rests = breaker.restsUntilMs > nowMs;
  if (!breaker.isOpen) return rests ? 'hesitant' : 'ready';
  return rests || breaker.probedUntilMs > nowMs ? 'shut' : 'ready';
}

/** A call is sent; answers whether it is the one that finds out. Only for a breaker that is not shut. */
export function beginAttempt(breaker: Breaker, nowMs: number): boolean {
  if (!breaker.isOpen) return false;
  breaker.probedUntilMs = nowMs + probeMs;
  return true;
}

/** Whatever was begun is over, with a verdict or without. */
export function endAttempt(breaker: Breaker, isProbe: boolean): void {
  if (isProbe) breaker.probedUntilMs = 0;
}

/** What a call that began before the opening tells late does not close it. */
export function noteSuccess(breaker: Breaker, isProbe: boolean): void {
  if (breaker.isOpen && !isProbe) return;
  if (isProbe) Object.assign(breaker, newBreaker());
  breaker.failures = 0;
  breaker.restsUntilMs = 0;
  remember(breaker, 0);
  if (breaker.recent === 0) forgetVoices(breaker);
}

export interface FailureAt {
  nowMs: number;
  isProbe: boolean;
  /** For whom it failed; undefined where whoever called had no part in it. */
  voice?: string | undefined;
}

export function noteFailure(
  breaker: Breaker,
  length: RestLength,
  { nowMs, isProbe, voice }: FailureAt,
): void {
  breaker.failures += 1;
  remember(breaker, 1);
  hear(breaker, voice);
  if (isProbe) breaker.probedUntilMs = 0;
  const opens = length.kind !== 'growing' || isWorn(breaker);
  // Calls that were under way when it opened must not make it rest longer, unless they were asked to.
  const isLate = breaker.isOpen && !isProbe;
  if (opens && !isLate) {
    breaker.isOpen = true;
    breaker.openings += 1;
  }
  const untilMs = nowMs + restOf(length, breaker.isOpen ? breaker.openings : breaker.failures);
  if (!isLate) breaker.restsUntilMs = untilMs;
  else if (length.kind === 'asked' && length.ms !== undefined) {
    breaker.restsUntilMs = Math.max(breaker.restsUntilMs, untilMs);
  }
}

/** How long the `turn`th rest in a row lasts. */
export function restOf(length: RestLength, turn: number): number {
  const growth = 2 ** Math.min(Math.max(turn - 1, 0), 20);
  if (length.kind === 'long') return Math.min(restLongMinMs * growth, restLongMaxMs);
  if (length.kind === 'asked' && length.ms !== undefined) {
    return Math.min(Math.max(length.ms, restMinMs), restAskedMaxMs);
  }
  return Math.min(restMinMs * growth, restGrowingMaxMs);
}

/** No customer alone can take a channel from the others, whatever its calls make an upstream do. */
function hear(breaker: Breaker, voice: string | undefined): void {
  const isAnother = breaker.lastVoice !== undefined && breaker.lastVoice !== voice;
  if (voice === undefined || isAnother) breaker.isShared = true;
  breaker.lastVoice = voice ?? breaker.lastVoice;
}

function forgetVoices(breaker: Breaker): void {
  breaker.lastVoice = undefined;
  breaker.isShared = false;
}

function isWorn({ isOpen, isShared, failures, recent, recentCount }: Breaker): boolean {
  if (isOpen) return true;
  if (!isShared) return false;
  if (failures >= failuresInRowMax) return true;
  return recentCount >= recentToTell && countBits(recent) * 2 >= recentCount;
}

function remember(breaker: Breaker, bit: 0 | 1): void {
  breaker.recent = ((breaker.recent << 1) | bit) & (2 ** recentMax - 1);
  breaker.recentCount = Math.min(breaker.recentCount + 1, recentMax);
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
