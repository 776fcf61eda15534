/** The MRR's bridge and its cohorts, from movements. Amounts are minor units of one currency. */
import type { CohortMoves, MovementKind, MrrMoves } from '../../subscriptions/index.ts';

export interface Standing {
  minor: bigint;
  customers: bigint;
}

export interface BridgePoint {
  start: Standing;
  moved: Record<MovementKind, bigint>;
  customers: { new: bigint; churned: bigint; reactivated: bigint };
  end: Standing;
}

/** From what each month began with to what it ended with: each ends with what the next begins with. */
export function bridge(
  start: Standing,
  months: readonly (readonly Pick<MrrMoves, 'kind' | 'movements' | 'minor'>[])[],
): BridgePoint[] {
  const points: BridgePoint[] = [];
  let standing = start;
  for (const moves of months) {
    const moved = { new: 0n, expansion: 0n, contraction: 0n, churn: 0n, reactivation: 0n };
    const customers = { new: 0n, churned: 0n, reactivated: 0n };
    for (const { kind, movements, minor } of moves) {
      moved[kind] += minor;
      if (kind === 'new') customers.new += movements;
      if (kind === 'churn') customers.churned += movements;
      if (kind === 'reactivation') customers.reactivated += movements;
    }
    const end = {
      minor: Object.values(moved).reduce((sum, minor) => sum + minor, standing.minor),
      customers: standing.customers + customers.new + customers.reactivated - customers.churned,
    };
    points.push({ start: standing, moved, customers, end });
    standing = end;
  }
  return points;
}

export interface Cohort {
  month: number;
  /** Who paid for the first time, and how much. */
  joined: Standing;
  /** At the end of the first month and of each that follows. */
  standings: Standing[];
}

/** `months` are the instants at which the months of the report begin, one after the other. */
export function cohortsOf(moves: readonly CohortMoves[], months: readonly number[]): Cohort[] {
  const byCohort = Map.groupBy(moves, ({ cohort }) => cohort.getTime());
  return months.flatMap((month, index) => {
    const own = byCohort.get(month);
    if (!own) return [];
    const byMonth = new Map(own.map((move) => [move.starts_at.getTime(), move]));
    const joined = {
      minor: own.reduce((sum, move) => sum + move.joined_minor, 0n),
      customers: own.reduce((sum, move) => sum + move.joined, 0n),
    };
    let standing: Standing = { minor: 0n, customers: 0n };
    const standings = months.slice(index).map((at) => {
      const move = byMonth.get(at);
      if (move) {
        standing = {
          minor: standing.minor + move.minor,
          customers: standing.customers + move.customers,
        };
      }
      return standing;
    });
    return [{ month, joined, standings }];
  });
}
