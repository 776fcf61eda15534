/** How the service does now: what was measured in the last minutes, or as bad as an open incident says. */
import type { Impact, IncidentState } from './incident.ts';

export type ServiceState = 'operational' | 'degraded' | 'outage' | 'unmeasured';

/** Fewer calls than these say nothing of the service, and too much of whoever made them. */
export const callsMin = 10;
/** Below these, calls of the last minutes count as degraded, or as an outage. */
const degradedBelowPercent = 99;
const outageBelowPercent = 50;

export interface OpenIncident {
  state: IncidentState;
  impact: Impact;
  models: readonly string[];
}

/** `model` is undefined for all of them: an incident of one model is one of the whole, too. */
export function judgeState(
  measured: { calls: number; availabilityPercent: number | null },
  incidents: readonly OpenIncident[],
  model?: string,
): ServiceState {
  const told = incidents
    .filter(({ state }) => state !== 'resolved')
    .filter(({ models }) => model === undefined || models.length === 0 || models.includes(model))
    .map(({ impact }) => impact);
  const states: ServiceState[] = [judgeMeasured(measured), ...told];
  return worst.find((state) => states.includes(state)) ?? 'unmeasured';
}

const worst = ['outage', 'degraded', 'operational', 'unmeasured'] as const;

function judgeMeasured({
  calls,
  availabilityPercent,
}: {
  calls: number;
  availabilityPercent: number | null;
}): ServiceState {
  if (calls < callsMin || availabilityPercent === null) return 'unmeasured';
  if (availabilityPercent < outageBelowPercent) return 'outage';
  return availabilityPercent < degradedBelowPercent ? 'degraded' : 'operational';
}
