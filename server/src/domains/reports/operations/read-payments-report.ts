import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { getPaymentsReport as endpoint } from '@sluice/contract/reports-revenue';
import type { Context } from '../../../platform/context.ts';
import { countOutcomes, type OutcomeCount } from '../../payments/index.ts';
import { declinesOf, outcomesOf, presentOutcomes } from '../core/outcomes.ts';
import {
  byStart,
  type PointSpan,
  pointsOf,
  presentHead,
  presentSpan,
  readSpan,
} from '../core/span.ts';
import { readTogether } from '../reading.ts';

type Report = AnswerOf<typeof endpoint>;

/** How payments end that began within a time, by provider. */
export async function readPaymentsReport(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<Report> {
  const now = context.clocks.business();
  const span = readSpan(query, now, context.config.timeZone);
  const points = pointsOf(span, now);
  const starts = points.map(({ from }) => from);
  const counts = await readTogether(context, (executor) =>
    countOutcomes(executor, { starts, to: span.to }),
  );
  const byProvider = [...Map.groupBy(counts, ({ provider }) => provider)];
  return {
    ...presentHead(span),
    interval: span.interval,
    total: presentOutcomes(outcomesOf(counts)),
    points: presentCourse(counts, points),
    providers: byProvider
      .map(([provider, own]) => ({
        provider,
        total: presentOutcomes(outcomesOf(own)),
        points: presentCourse(own, points),
      }))
      .sort((a, b) => b.total.begun - a.total.begun || (a.provider < b.provider ? -1 : 1)),
    declines: declinesOf(counts),
  };
}

function presentCourse(counts: readonly OutcomeCount[], points: readonly PointSpan[]) {
  const starting = byStart(counts);
  return points.map((point) => ({
    ...presentSpan(point),
    ...presentOutcomes(outcomesOf(starting.get(point.from.getTime()) ?? [])),
  }));
}
