/** Scores and flags as the API answers them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { liftRiskFlag, listRisks } from '@sluice/contract/risk';
import type { RuleName } from './evidence.ts';

type FlagView = AnswerOf<typeof liftRiskFlag>;
type StandingView = AnswerOf<typeof listRisks>['data'][number];

interface ShownFlag {
  id: string;
  organizationId: string;
  rule: RuleName;
  state: FlagView['state'];
  points: number;
  count: number;
  holds: boolean;
  evidence: readonly FlagView['evidence'][number][];
  openedAt: Date;
  changedAt: Date;
  decidedBy: string | null;
  note: string | null;
}

/** So much of it is shown; the count says how much there is. */
const evidenceShown = 20;

export function presentFlag(flag: ShownFlag): FlagView {
  return {
    id: flag.id,
    organization: flag.organizationId,
    rule: flag.rule,
    state: flag.state,
    points: flag.points,
    count: flag.count,
    holds: flag.holds,
    evidence: flag.evidence
      .slice(0, evidenceShown)
      .map(({ kind, id, count, detail, at }) => ({ kind, id, count, detail, at })),
    opened_at: flag.openedAt.toISOString(),
    changed_at: flag.changedAt.toISOString(),
    decided_by: flag.decidedBy,
    note: flag.note,
  };
}

export function presentStanding(
  standing: { organizationId: string; score: number; isHeld: boolean; evaluatedAt: Date | null },
  flags: readonly ShownFlag[],
): StandingView {
  return {
    organization: standing.organizationId,
    score: standing.score,
    held: standing.isHeld,
    evaluated_at: standing.evaluatedAt?.toISOString() ?? null,
    flags: flags.map(presentFlag),
  };
}
