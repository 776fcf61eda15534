import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { getMrrReport as endpoint } from '@sluice/contract/reports-recurring';
import type { Context } from '../../../platform/context.ts';
import { formatMinor } from '../../../platform/money.ts';
import { ratio, roundHalfUp } from '../../../platform/ratio.ts';
import {
  countSubscriptions,
  type MrrMoves,
  type MrrStanding,
  readMrrAt,
  sumMrrMoves,
} from '../../subscriptions/index.ts';
import { type BridgePoint, bridge, type Standing } from '../core/mrr.ts';
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

/** The MRR month by month; what one month ends with the next begins with. */
export async function readMrrReport(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<Report> {
  const now = context.clocks.business();
  const span = readSpan(query, now, context.config.timeZone);
  const [start, moves, statuses] = await readTogether(context, async (executor) => [
    await readMrrAt(executor, span.from),
    await sumMrrMoves(executor, span),
    await countSubscriptions(executor),
  ]);
  const points = pointsOf(span, now);
  return {
    ...presentHead(span),
    currencies: currenciesOf(start, moves).map((currency) => {
      const bridged = bridgeOf(currency, { start, moves, points });
      const last = bridged.at(-1)?.end ?? startOf(currency, start);
      return {
        ...presentStanding(currency, last),
        points: points.map((point, index) => ({
          ...presentSpan(point),
          ...presentPoint(currency, bridged[index]),
        })),
      };
    }),
    subscriptions: statuses.map(({ status, subscriptions }) => ({
      status,
      subscriptions: Number(subscriptions),
    })),
  };
}

export function currenciesOf(start: readonly MrrStanding[], moves: readonly MrrMoves[]): string[] {
  const live = start.filter(({ customers }) => customers > 0n);
  return [...new Set([...live, ...moves].map(({ currency }) => currency))].sort();
}

export function startOf(currency: string, start: readonly MrrStanding[]): Standing {
  return start.find((standing) => standing.currency === currency) ?? { minor: 0n, customers: 0n };
}

export function bridgeOf(
  currency: string,
  read: {
    start: readonly MrrStanding[];
    moves: readonly MrrMoves[];
    points: readonly PointSpan[];
  },
): BridgePoint[] {
  const starting = byStart(read.moves.filter((move) => move.currency === currency));
  return bridge(
    startOf(currency, read.start),
    read.points.map(({ from }) => starting.get(from.getTime()) ?? []),
  );
}

function presentStanding(currency: string, { minor, customers }: Standing) {
  return {
    currency,
    mrr: formatMinor({ minor, currency }),
    customers: Number(customers),
    arpu: arpuOf(currency, { minor, customers }),
  };
}

function arpuOf(currency: string, { minor, customers }: Standing): string | null {
  if (customers === 0n) return null;
  return formatMinor({ minor: roundHalfUp(ratio(minor, customers)), currency });
}

function presentPoint(currency: string, point: BridgePoint | undefined) {
  const nothing: Standing = { minor: 0n, customers: 0n };
  const {
    start = nothing,
    end = nothing,
    moved = { new: 0n, expansion: 0n, contraction: 0n, churn: 0n, reactivation: 0n },
    customers = { new: 0n, churned: 0n, reactivated: 0n },
  } = point ?? {};
  const wire = (minor: bigint) => formatMinor({ minor, currency });
  return {
    start: wire(start.minor),
    new: wire(moved.new),
    expansion: wire(moved.expansion),
    contraction: wire(moved.contraction),
    churn: wire(moved.churn),
    reactivation: wire(moved.reactivation),
    net: wire(end.minor - start.minor),
    end: wire(end.minor),
    customers: {
      start: Number(start.customers),
      new: Number(customers.new),
      churned: Number(customers.churned),
      reactivated: Number(customers.reactivated),
      end: Number(end.customers),
    },
    arpu: arpuOf(currency, end),
  };
}
