import type { AnswerOf } from '@sluice/contract/endpoint';
import { type getStatus, statusDays } from '@sluice/contract/status';
import type { Context } from '../../../platform/context.ts';
import {
  availabilityPercent,
  callsOf,
  errorPercent,
  type Levels,
  type MeasuredLevels,
  p95Ms,
  readServiceLevels,
} from '../../gateway/index.ts';
import { presentIncident } from '../core/incident.ts';
import { callsMin, judgeState } from '../core/judge-state.ts';
import { listShownIncidents, listUpdates } from '../store.ts';
import { updatesShownMax } from './read-incidents.ts';

export type Status = AnswerOf<typeof getStatus>;

/** Calls of so many minutes say how the service does now. */
const recentMinutes = 15;
const incidentsShownMax = 50;

/** Everything that the page shows: five small readings, whatever was called. `offered` are the models that can be called. */
export async function readStatus(context: Context, offered: ReadonlySet<string>): Promise<Status> {
  const levels = await readServiceLevels(context, { days: statusDays, recentMinutes });
  const incidents = await listShownIncidents(context.database, {
    since: levels.from,
    limit: incidentsShownMax,
  });
  const updates = await listUpdates(context.database, {
    incidentIds: incidents.map(({ id }) => id),
    limitEach: updatesShownMax,
  });
  const stateOf = ({ recent }: MeasuredLevels, model?: string) =>
    judgeState(
      { calls: callsOf(recent), availabilityPercent: availabilityPercent(recent) },
      incidents,
      model,
    );
  const shown = [...levels.models]
    .filter(([model, { total }]) => offered.has(model) && isEnough(total))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    state: stateOf(levels.overall),
    updated_at: context.clocks.wall().toISOString(),
    from: levels.from.toISOString().slice(0, 10),
    overall: present(levels.overall),
    models: shown.map(([model, measured]) => ({
      ...{ model, state: stateOf(measured, model) },
      ...present(measured),
    })),
    incidents: incidents.map((incident) => presentIncident(incident, updates)),
  };
}

function isEnough(levels: Levels): boolean {
  return callsOf(levels) >= callsMin;
}

function present({ total, days }: MeasuredLevels) {
  const enough = isEnough(total) ? total : undefined;
  return {
    availability_percent: enough ? availabilityPercent(enough) : null,
    error_percent: enough ? errorPercent(enough) : null,
    first_token_p95_ms: p95(total.firstToken),
    whole_p95_ms: p95(total.whole),
    days: days.map((day) => (isEnough(day) ? availabilityPercent(day) : null)),
  };
}

function p95(steps: readonly number[]): number | null {
  const calls = steps.reduce((sum, count) => sum + count, 0);
  return calls >= callsMin ? p95Ms(steps) : null;
}
