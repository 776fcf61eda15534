/** SQL of what the use of periods was billed at. */
import { sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { type Ratio, ratio } from '../../platform/ratio.ts';
import type { RatedPeriod } from './core/record.ts';

interface Row {
  subscription_id: string;
  period_from: Date;
  period_to: Date;
  plan_id: string;
  plan_version: number;
  currency: string;
  amounts: string[];
}

type Tables = { subscriptions_rated_periods: Row };

const tables = (executor: Executor) => executor.withTables<Tables>();

/** Keeps what a period was billed at in all; rated again, the later amounts stand. */
export const saveRatedPeriod = gathered(
  async (executor, asked: readonly { subscriptionId: string; rated: RatedPeriod }[]) => {
    await tables(executor)
      .insertInto('subscriptions_rated_periods')
      .values(asked.map(toRow))
      .onConflict((conflict) =>
        conflict.columns(['subscription_id', 'period_from']).doUpdateSet(({ ref }) => ({
          period_to: ref('excluded.period_to'),
          amounts: ref('excluded.amounts'),
        })),
      )
      .execute();
    return asked.map(() => undefined);
  },
  // A row is written once by a statement.
  ({ subscriptionId }) => subscriptionId,
);

function toRow({ subscriptionId, rated }: { subscriptionId: string; rated: RatedPeriod }) {
  return {
    subscription_id: subscriptionId,
    period_from: rated.period.from,
    period_to: rated.period.to,
    plan_id: rated.planId,
    plan_version: rated.version,
    currency: rated.currency,
    amounts: rated.amounts.map(({ numerator, denominator }) => `${numerator}/${denominator}`),
  };
}

/**
 * The newest that was rated before an instant.
 * @scope row: of a subscription that is held.
 */
export const findRatedBefore = gathered(
  async (executor, asked: readonly { subscriptionId: string; before: Date }[]) => {
    const { rows } = await sql<Row & { place: number }>`
      select (asked.place - 1)::integer as place, rated.*
      from unnest(
        ${asked.map(({ subscriptionId }) => subscriptionId)}::text[],
        ${asked.map(({ before }) => before.toISOString())}::timestamptz[]
      ) with ordinality as asked (subscription_id, before, place)
      cross join lateral (
        select *
        from subscriptions_rated_periods as r
        where r.subscription_id = asked.subscription_id
          and r.period_from < asked.before
        order by r.period_from desc
        limit 1
      ) as rated
    `.execute(executor);
    const found = new Map(rows.map(({ place, ...row }) => [place, fromRow(row)]));
    return asked.map((_, place) => found.get(place));
  },
);

function fromRow(row: Row): RatedPeriod {
  return {
    period: { from: row.period_from, to: row.period_to },
    planId: row.plan_id,
    version: row.plan_version,
    currency: row.currency,
    amounts: row.amounts.map(readRatio),
  };
}

function readRatio(text: string): Ratio {
  const [numerator = '0', denominator = '1'] = text.split('/');
  return ratio(BigInt(numerator), BigInt(denominator));
}
