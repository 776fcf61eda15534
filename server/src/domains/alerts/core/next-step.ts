/** What a judgment does to a rule that is firing or is not: it fires once, and is told of once, until it is resolved. Pure. */
import type { Judgment } from './judge.ts';
import type { Firing, Reading, Rule } from './rule.ts';

export type Step =
  | { kind: 'none' }
  | { kind: 'fire'; limit: bigint; expected: bigint | null; value: bigint; tells: boolean }
  /** Still firing; it may have gone farther, or its silence may be over. */
  | { kind: 'go_on'; worst: bigint; tells: boolean }
  | { kind: 'resolve'; value: bigint | null; tells: boolean };

interface Known {
  rule: Pick<Rule, 'condition' | 'silencedUntil' | 'quietMinutes'>;
  judgment: Judgment;
  reading: Reading | undefined;
  open: Pick<Firing, 'worst' | 'toldAt'> | undefined;
  /** When the rule was resolved last, of the times that somebody was told. */
  lastResolvedAt: Date | undefined;
  now: Date;
}

export function nextStep(known: Known): Step {
  const { judgment, reading, open } = known;
  if (judgment.standing === 'beyond' && reading) {
    const { limit, expected } = judgment;
    const { value } = reading;
    if (!open) return { kind: 'fire', limit, expected, value, tells: mayTell(known) };
    const tells = open.toldAt === null && mayTell(known);
    const worst = worseOf(known.rule, open.worst, value);
    return worst !== open.worst || tells ? { kind: 'go_on', worst, tells } : { kind: 'none' };
  }
  if (!open) return { kind: 'none' };
  const value = judgment.standing === 'normal' && reading ? reading.value : null;
  // Whoever was told that it began is told that it is over, but for a silence that was asked for since.
  const tells = open.toldAt !== null && !isSilenced(known);
  return { kind: 'resolve', value, tells };
}

function mayTell(known: Known): boolean {
  const { rule, lastResolvedAt, now } = known;
  if (isSilenced(known)) return false;
  if (lastResolvedAt === undefined) return true;
  return now.getTime() - lastResolvedAt.getTime() >= rule.quietMinutes * 60_000;
}

function isSilenced({ rule, now }: Known): boolean {
  return rule.silencedUntil !== null && rule.silencedUntil > now;
}

function worseOf({ condition }: Known['rule'], one: bigint, other: bigint): bigint {
  const isLow = condition === 'below' || condition === 'unusually_low';
  return (isLow ? other < one : other > one) ? other : one;
}
