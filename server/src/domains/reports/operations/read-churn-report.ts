import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { getChurnReport as endpoint } from '@sluice/contract/reports-recurring';
import type { Context } from '../../../platform/context.ts';
import { formatMinor } from '../../../platform/money.ts';
import { type CohortMoves, readMrrAt, sumCohorts, sumMrrMoves } from '../../subscriptions/index.ts';
import { type BridgePoint, type Cohort, cohortsOf } from '../core/mrr.ts';
import { shareOf } from '../core/share.ts';
import {
  monthOf,
  type PointSpan,
  pointsOf,
  presentHead,
  presentSpan,
  readSpan,
} from '../core/span.ts';
import { readTogether } from '../reading.ts';
import { bridgeOf, currenciesOf } from './read-mrr-report.ts';

type Report = AnswerOf<typeof endpoint>;
type OfCurrency = Report['currencies'][number];

/** Which share was lost month by month, and how many of each month's new customers stay. */
export async function readChurnReport(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<Report> {
  const now = context.clocks.business();
  const span = readSpan(query, now, context.config.timeZone);
  const [start, moves, cohorts] = await readTogether(context, async (executor) => [
    await readMrrAt(executor, span.from),
    await sumMrrMoves(executor, span),
    await sumCohorts(executor, span),
  ]);
  const points = pointsOf(span, now);
  return {
    ...presentHead(span),
    currencies: currenciesOf(start, moves).map((currency) => {
      const bridged = bridgeOf(currency, { start, moves, points });
      return {
        currency,
        points: points.flatMap((point, index) => {
          const of = bridged[index];
          return of ? [{ ...presentSpan(point), ...presentPoint(currency, of) }] : [];
        }),
        cohorts: presentCohorts(currency, { cohorts, points, timeZone: span.timeZone }),
      };
    }),
  };
}

function presentPoint(currency: string, { start, moved, customers }: BridgePoint) {
  const lost = -(moved.churn + moved.contraction);
  const kept = start.minor - lost + moved.expansion;
  return {
    customers: Number(start.customers),
    churned: Number(customers.churned),
    customer_churn: shareOf(customers.churned, start.customers),
    mrr: formatMinor({ minor: start.minor, currency }),
    lost: formatMinor({ minor: lost, currency }),
    revenue_churn: shareOf(lost, start.minor),
    net_retention: shareOf(kept, start.minor),
  };
}

interface Cohorts {
  cohorts: readonly CohortMoves[];
  points: readonly PointSpan[];
  timeZone: string;
}

function presentCohorts(
  currency: string,
  { cohorts, points, timeZone }: Cohorts,
): OfCurrency['cohorts'] {
  const own = cohorts.filter((move) => move.currency === currency);
  const months = points.map(({ from }) => from.getTime());
  return cohortsOf(own, months).map(({ month, joined, standings }: Cohort) => {
    return {
      month: monthOf(new Date(month), timeZone),
      customers: Number(joined.customers),
      mrr: formatMinor({ minor: joined.minor, currency }),
      months: standings.map(({ minor, customers }, after) => ({
        after,
        customers: Number(customers),
        customer_retention: shareOf(customers, joined.customers),
        mrr: formatMinor({ minor, currency }),
        revenue_retention: shareOf(minor, joined.minor),
      })),
    };
  });
}
