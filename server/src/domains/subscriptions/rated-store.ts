/** SQL of what the use of periods was billed at. */
import type { Executor } from '../../platform/database/pool.ts';
import { type Ratio, ratio } from '../../platform/ratio.ts';
import type { RatedPeriod } from './core/record.ts';

type Tables = {
  subscriptions_rated_periods: {
    subscription_id: string;
    period_from: Date;
    period_to: Date;
    plan_id: string;
    plan_version: number;
    currency: string;
    amounts: string[];
  };
};

const tables = (executor: Executor) => executor.withTables<Tables>();

/** Keeps what a period was billed at in all; rated again, the later amounts stand. */
export async function saveRatedPeriod(
  executor: Executor,
  subscriptionId: string,
  rated: RatedPeriod,
): Promise<void> {
  const amounts = rated.amounts.map(({ numerator, denominator }) => `${numerator}/${denominator}`);
  await tables(executor)
    .insertInto('subscriptions_rated_periods')
    .values({
      subscription_id: subscriptionId,
      period_from: rated.period.from,
      period_to: rated.period.to,
      plan_id: rated.planId,
      plan_version: rated.version,
      currency: rated.currency,
      amounts,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['subscription_id', 'period_from'])
        .doUpdateSet({ period_to: rated.period.to, amounts }),
    )
    .execute();
}

/** The newest that was rated before an instant. */
export async function findRatedBefore(
  executor: Executor,
  subscriptionId: string,
  before: Date,
): Promise<RatedPeriod | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_rated_periods')
    .selectAll()
    .where('subscription_id', '=', subscriptionId)
    .where('period_from', '<', before)
    .orderBy('period_from', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (
    row && {
      period: { from: row.period_from, to: row.period_to },
      planId: row.plan_id,
      version: row.plan_version,
      currency: row.currency,
      amounts: row.amounts.map(readRatio),
    }
  );
}

function readRatio(text: string): Ratio {
  const [numerator = '0', denominator = '1'] = text.split('/');
  return ratio(BigInt(numerator), BigInt(denominator));
}
