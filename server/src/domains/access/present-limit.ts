import type { Limit } from '@sluice/contract/limits';
import { invariant } from '../../platform/errors.ts';
import { formatQuantity } from '../../platform/quantity.ts';
import { costMeterId, type Meter, type MeterBook } from '../catalog/index.ts';
import type { QuotaState } from './core/commands.ts';

/** Limits that a call counts against, the scarcest first. */
export function presentLimits(meters: MeterBook, states: readonly QuotaState[]): Limit[] {
  return [...states].sort(byScarcity).map((state) => {
    const meter = meters.byId(state.meterId);
    invariant(meter, `meter ${state.meterId} is in the book`);
    return presentQuotaState(state, meter);
  });
}

/** A quota's state as answers and refusals show it. */
export function presentQuotaState(state: QuotaState, meter: Meter): Limit {
  const write = (quantity: bigint) => formatQuantity(quantity, meter.unit);
  const remaining = remainingOf(state);
  return {
    kind: isSpendCap(state) ? 'spend_cap' : 'quota',
    quota: state.quotaId,
    meter: meter.reference,
    unit: meter.unit,
    window: state.window,
    subject: { kind: state.subjectKind, id: state.subjectId },
    limit: state.limit === null ? null : write(state.limit),
    used: write(state.used),
    reserved: write(state.reserved),
    remaining: remaining === null ? null : write(remaining),
    resets_at: state.resetsAt?.toISOString() ?? null,
    hard: state.isHard,
  };
}

/** What a key, a member or a cost center may spend is a quota on its cost. */
export function isSpendCap({ meterId, subjectKind }: QuotaState): boolean {
  return meterId === costMeterId && subjectKind !== 'organization';
}

/** What is left of it; null where it is unlimited. */
export function remainingOf({ limit, used, reserved }: QuotaState): bigint | null {
  if (limit === null) return null;
  const left = limit - used - reserved;
  return left > 0n ? left : 0n;
}

/** Orders limits by the share that is left of them, the scarcest first and the unlimited last. */
export function byScarcity(one: QuotaState, other: QuotaState): number {
  return shareLeft(one) - shareLeft(other);
}

function shareLeft(state: QuotaState): number {
  const remaining = remainingOf(state);
  if (remaining === null || state.limit === null) return 2;
  return state.limit === 0n ? 0 : Number(remaining) / Number(state.limit);
}
