import type { Context } from '../../../platform/context.ts';
import { addLevels, type Levels, levelsOf, noLevels } from '../core/service-levels.ts';
import { listServiceLevels, type ServiceLevelRow } from '../service-store.ts';

/** How the calls of one model ended, or of all. */
export interface MeasuredLevels {
  /** Of all the days together. */
  total: Levels;
  /** The oldest first, the last one is today. */
  days: Levels[];
  /** Of the last minutes. */
  recent: Levels;
}

export interface ServiceLevels {
  /** The first of the days. */
  from: Date;
  /** Of every call, also of those that failed before their model was known. */
  overall: MeasuredLevels;
  models: ReadonlyMap<string, MeasuredLevels>;
}

const dayMs = 86_400_000;

/** Service levels of so many days of the wall clock, in UTC, and of the last minutes; three small readings. */
export async function readServiceLevels(
  { database, clocks }: Context,
  { days, recentMinutes }: { days: number; recentMinutes: number },
): Promise<ServiceLevels> {
  const nowMs = clocks.wall().getTime();
  const fromMs = nowMs - (nowMs % dayMs) - (days - 1) * dayMs;
  const byDay = await listServiceLevels(database, { span: 'day', since: new Date(fromMs) });
  const since = new Date(nowMs - recentMinutes * 60_000);
  const recent = await listServiceLevels(database, { span: 'five_minutes', since });
  const dayOf = ({ startsAt }: ServiceLevelRow) =>
    Math.floor((startsAt.getTime() - fromMs) / dayMs);
  const measure = (isWanted: (row: ServiceLevelRow) => boolean): MeasuredLevels => {
    const perDay = Array.from({ length: days }, () => noLevels);
    for (const row of byDay.filter(isWanted)) {
      const day = dayOf(row);
      perDay[day] = addLevels(perDay[day] ?? noLevels, levelsOf(row));
    }
    return {
      total: perDay.reduce(addLevels, noLevels),
      days: perDay,
      recent: recent.filter(isWanted).map(levelsOf).reduce(addLevels, noLevels),
    };
  };
  const models = [...new Set(byDay.map(({ model }) => model))].filter((model) => model !== '');
  return {
    from: new Date(fromMs),
    overall: measure(() => true),
    models: new Map(
      models.map((model) => [model, measure((row: ServiceLevelRow) => row.model === model)]),
    ),
  };
}
