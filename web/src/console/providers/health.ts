/** What of a provider's health wants a person. */
import type { Answer } from '../../api/call.ts';

export type Health = Answer<'getProvider'>['health'];
export type Concern = 'silent' | 'dead' | 'overdue' | 'declining';

/** Below that share of successes something is wrong on one of the two sides. */
const successRateMin = 0.95;
/** A handful says nothing. */
const decidedMin = 10;

/** The worst first. */
export function concernsOf({ calls, notifications, payments }: Health): Concern[] {
  const { succeeded_at: answered, failed_at: failed } = calls;
  const isSilent = failed !== null && (answered === null || failed > answered);
  const decided = payments.succeeded + payments.failed;
  const isDeclining = decided >= decidedMin && (payments.success_rate ?? 1) < successRateMin;
  return [
    ...(isSilent ? (['silent'] as const) : []),
    ...(notifications.dead > 0 ? (['dead'] as const) : []),
    ...(payments.overdue > 0 ? (['overdue'] as const) : []),
    ...(isDeclining ? (['declining'] as const) : []),
  ];
}
