/**
 * Scores an organization by stated rules and decides on its flags. Pure, and a function of what is true now: whatever
 * came first, late or twice, the same facts give the same judgement.
 *
 * Of a rule counts what is within its window and was not lifted before. It fires from its threshold on, with
 * points × min(2, weight ÷ threshold); evidence weighs half as much after each half life. The score is the sum, at most 100.
 */
import { type Evidence, evidenceOf, type Facts, type RuleName, ruleNames } from './evidence.ts';

export interface Rule {
  points: number;
  threshold: number;
  windowDays: number;
  halfLifeDays: number;
}

export interface Rules {
  rules: Record<RuleName, Rule>;
  holdScore: number;
  returnedPercent: number;
}

/** What speaks for fraud by itself. An address, a device, a busy first week or an attacked account never hold anything. */
const strong: ReadonlySet<RuleName> = new Set([
  'shared_payer',
  'failed_payments',
  'returned_payments',
]);

export interface ActiveFlag {
  id: string;
  rule: RuleName;
  state: 'open' | 'confirmed';
  holds: boolean;
}

export interface Finding {
  rule: RuleName;
  points: number;
  count: number;
  evidence: Evidence[];
}

export interface Judgement {
  score: number;
  /** Flags to raise. */
  raised: (Finding & { holds: boolean })[];
  /** Flags in force whose evidence changed. */
  renewed: (Finding & { id: string; holds: boolean })[];
  /** Open flags whose evidence is too old. A confirmed one stays until somebody lifts it. */
  faded: string[];
  isHeld: boolean;
}

interface Case {
  facts: Facts;
  rules: Rules;
  /** Keys of evidence that an operator has lifted. */
  excused: ReadonlyMap<RuleName, ReadonlySet<string>>;
  flags: readonly ActiveFlag[];
  /** A customer of long standing: whatever fires, nothing is held but by an operator. */
  isEstablished: boolean;
  now: Date;
}

export function judge({ facts, rules, excused, flags, isEstablished, now }: Case): Judgement {
  const findings = ruleNames.flatMap((name) => {
    const found = evidenceOf(name, facts, rules.returnedPercent);
    const counted = found.filter(({ key }) => !excused.get(name)?.has(key));
    return find(name, rules.rules[name], counted, now);
  });
  const score = Math.min(100, Math.round(findings.reduce((sum, { points }) => sum + points, 0)));
  const reachesHold = score >= rules.holdScore && !isEstablished;
  const inForce = new Map(flags.map((flag) => [flag.rule, flag]));
  const judged = findings.map((finding) => ({
    ...finding,
    points: Math.round(finding.points),
    flag: inForce.get(finding.rule),
    // What holds does so until it is lifted or fades, not until the score is a little lower.
    holds: inForce.get(finding.rule)?.holds || (reachesHold && strong.has(finding.rule)),
  }));
  const raised = judged.flatMap(({ flag, ...finding }) => (flag ? [] : [finding]));
  const renewed = judged.flatMap(({ flag, ...finding }) =>
    flag ? [{ ...finding, id: flag.id, holds: heldBy(flag, finding.holds) }] : [],
  );
  const fired = new Set(findings.map(({ rule }) => rule));
  const silent = flags.filter(({ rule }) => !fired.has(rule));
  const faded = silent.filter(({ state }) => state === 'open').map(({ id }) => id);
  const standing = silent.filter(({ state }) => state === 'confirmed');
  const isHeld = [...raised, ...renewed, ...standing].some(({ holds }) => holds);
  return { score, raised, renewed, faded, isHeld };
}

/** An operator has decided of a confirmed flag whether it holds: no rule says otherwise. */
function heldBy(flag: ActiveFlag, holds: boolean): boolean {
  return flag.state === 'confirmed' ? flag.holds : holds;
}

const dayMs = 86_400_000;

function find(name: RuleName, rule: Rule, evidence: Evidence[], now: Date): Finding[] {
  const since = now.getTime() - rule.windowDays * dayMs;
  const within = evidence
    .filter(({ at }) => at.getTime() > since)
    .sort((a, b) => b.at.getTime() - a.at.getTime() || (a.key < b.key ? -1 : 1));
  const count = within.reduce((sum, each) => sum + each.count, 0);
  if (rule.points === 0 || count < rule.threshold) return [];
  const weight = within.reduce((sum, each) => sum + each.count * decay(rule, each.at, now), 0);
  const points = rule.points * Math.min(2, weight / rule.threshold);
  return [{ rule: name, points, count, evidence: within }];
}

/** 1 for what is new, half of it after each half life; what is dated ahead of us is new. */
function decay({ halfLifeDays }: Rule, at: Date, now: Date): number {
  const ageDays = Math.max(0, now.getTime() - at.getTime()) / dayMs;
  return 0.5 ** (ageDays / halfLifeDays);
}
