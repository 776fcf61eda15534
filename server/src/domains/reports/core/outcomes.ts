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

export interface Declines {
  provider: string;
  /** Null where nobody gave one. */
  reason: string | null;
  payments: number;
}

/** Why payments failed, the most frequent reason first. */
export function declinesOf(counts: readonly OutcomeCount[]): Declines[] {
  const known = new Map<string, Declines>();
  for (const { provider, decline_code: reason, status, attempts } of counts) {
    if (status !== 'failed') continue;
    const key = `${provider} ${reason}`;
    const so = known.get(key) ?? { provider, reason, payments: 0 };
    known.set(key, { ...so, payments: so.payments + Number(attempts) });
  }
  return [...known]
    .sort(([one, a], [other, b]) => b.payments - a.payments || (one < other ? -1 : 1))
    .map(([, declines]) => declines);
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
