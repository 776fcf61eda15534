/** How a provider does, as the contract shows it. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { getProvider } from '@sluice/contract/payments';

type HealthView = AnswerOf<typeof getProvider>['health'];

export interface Health {
  call_succeeded_at: Date | null;
  call_failed_at: Date | null;
  failed_call: string | null;
  notification_succeeded_at: Date | null;
  notification_failed_at: Date | null;
  notifications_dead: bigint;
  succeeded: bigint;
  failed: bigint;
  open: bigint;
  overdue: bigint;
}

/** Of a provider that nothing is known of, nothing is shown. */
export function presentHealth(health: Health | undefined): HealthView {
  const succeeded = Number(health?.succeeded ?? 0n);
  const failed = Number(health?.failed ?? 0n);
  const decided = succeeded + failed;
  return {
    calls: {
      succeeded_at: health?.call_succeeded_at?.toISOString() ?? null,
      failed_at: health?.call_failed_at?.toISOString() ?? null,
      failed_call: health?.failed_call ?? null,
    },
    notifications: {
      succeeded_at: health?.notification_succeeded_at?.toISOString() ?? null,
      failed_at: health?.notification_failed_at?.toISOString() ?? null,
      dead: Number(health?.notifications_dead ?? 0n),
    },
    payments: {
      ...{ succeeded, failed, open: Number(health?.open ?? 0n) },
      success_rate: decided === 0 ? null : succeeded / decided,
      overdue: Number(health?.overdue ?? 0n),
    },
  };
}
