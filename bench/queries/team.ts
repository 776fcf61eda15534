/**
 * One organization with so many calls in thirty days: a hundred members, fifty cost centers, a hundred and fifty keys and
 * four models. A key and its holder have one cost center, so that sums are as many as without.
 */
import type pg from 'pg';
import { splitUsage, sumUsage } from '../../server/src/domains/metering/index.ts';
import type { Database } from '../../server/src/platform/database/pool.ts';

export const teamId = 'org_team';
const [members, costCenters, keys, models, days] = [100, 50, 150, 4, 30];

export async function makeTeam(client: pg.Client, calls: number): Promise<void> {
  await client.query(
    `insert into identity_organizations (id, name, status, time_zone, created_at)
     values ($1, 'Team', 'active', 'UTC', now())`,
    [teamId],
  );
  await client.query(
    `insert into ledger_organizations (organization_id, currency, shortfall, time_zone)
     values ($1, 'USD', 0, 'UTC')`,
    [teamId],
  );
  const rows = keys * models * days * 24;
  const each = Math.ceil(calls / rows);
  await client.query(
    `insert into metering_calls_hourly (
       organization_id, starts_at, application_id, api_key_id, user_id, cost_center_id, model, tags, currency, calls,
       input_tokens, output_tokens, amount, latency_ms, latency_calls
     )
     select $1, date_trunc('hour', now(), 'UTC') - h * interval '1 hour', '', 'key_' || k, 'usr_' || k % ${members},
       'cct_' || k % ${costCenters}, 'model-' || m, '', 'USD', c, c * 1000, c * 300, c * 12345 + k, c * 800, c
     from generate_series(0, ${days * 24 - 1}) as h,
       generate_series(1, ${keys}) as k,
       generate_series(1, ${models}) as m,
       (select $2::bigint as c) as calls`,
    [teamId, each],
  );
  await client.query(
    `insert into metering_calls_daily (
       organization_id, starts_at, application_id, api_key_id, user_id, cost_center_id, model, tags, currency, calls,
       input_tokens, output_tokens, amount, latency_ms, latency_calls
     )
     select organization_id, date_trunc('day', starts_at, 'UTC'), application_id, api_key_id, user_id, cost_center_id,
       model, tags, currency, sum(calls), sum(input_tokens), sum(output_tokens), sum(amount), sum(latency_ms),
       sum(latency_calls)
     from metering_calls_hourly
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  );
  await client.query('vacuum (analyze)');
}

type Question = (round: number) => Promise<unknown[]>;

/** What the page of costs asks, the file for a spreadsheet, and the split of an invoice's line. */
export function teamQuestions(
  database: Database,
  { from, to }: { from: Date; to: Date },
): Question[] {
  const month = { organizationId: teamId, from, to, timeZone: 'UTC' };
  const whole = { ...month, interval: 'all' } as const;
  const byDay = { ...month, interval: 'day' } as const;
  const inside = (round: number) => ({ costCenterId: `cct_${round % costCenters}` });
  return [
    () => sumUsage(database, { ...whole, groups: ['cost_center'] }),
    () => sumUsage(database, { ...whole, groups: ['member'] }),
    () => sumUsage(database, { ...whole, groups: ['application'] }),
    () => sumUsage(database, { ...whole, groups: ['model'] }),
    () => sumUsage(database, { ...whole, groups: ['api_key'] }),
    (round) => sumUsage(database, { ...whole, ...inside(round), groups: ['member'] }),
    () => sumUsage(database, { ...byDay, groups: [] }),
    (round) => sumUsage(database, { ...byDay, ...inside(round), groups: ['model'] }),
    () => sumUsage(database, { ...byDay, groups: ['cost_center'] }),
    () =>
      splitUsage(database, {
        ...{ organizationId: teamId, by: 'cost_center' },
        asks: [{ meterId: 'mtr_tokens', from, to }],
      }),
  ];
}
