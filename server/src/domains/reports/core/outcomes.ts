/** How payments ended. */
import type { OutcomeCount } from '../../payments/index.ts';
import { shareOf } from './share.ts';

export type Outcomes = Record<OutcomeCount['status'], bigint>;

export function outcomesOf(counts: readonly OutcomeCount[]): Outcomes {
  const outcomes: Outcomes = {
    ...{ succeeded: 0n, failed: 0n, canceled: 0n, unknown: 0n, pending: 0n },
  };
  for (const { status, attempts } of counts) outcomes[status] += attempts;
  return outcomes;
}

/** Who left the page or is still there says nothing of whether a provider can collect. */
export function successRate({ succeeded, failed }: Outcomes): number | null {
  return shareOf(succeeded, succeeded + failed);
}

export function presentOutcomes(outcomes: Outcomes) {
  const { succeeded, failed, canceled, unknown, pending } = outcomes;
  return {
    begun: Number(succeeded + failed + canceled + unknown + pending),
    succeeded: Number(succeeded),
    failed: Number(failed),
    canceled: Number(canceled),
    unknown: Number(unknown),
    pending: Number(pending),
    success_rate: successRate(outcomes),
  };
}
