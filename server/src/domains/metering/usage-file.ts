/** Sums of usage as a table for a spreadsheet. */
import { writeCsv } from '../../platform/csv.ts';
import { formatMoney } from '../../platform/money.ts';
import { dayOf } from '../../platform/time.ts';
import type { UsagePoint } from './operations/sum-usage.ts';
import type { GroupName, SumsQuery } from './rollups-store.ts';

const figures = [
  'calls',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
] as const;

/** What has an id shows its name beside it; what is of none is empty in both. */
const named: readonly GroupName[] = ['api_key', 'application', 'member', 'cost_center'];

export function usageFile(
  points: readonly UsagePoint[],
  { groups, from, to, timeZone }: Pick<SumsQuery, 'groups' | 'from' | 'to' | 'timeZone'>,
  names: ReadonlyMap<string, string>,
): { name: string; bytes: Buffer; contentType: string } {
  const columns = groups.flatMap((group) =>
    named.includes(group) ? [group, `${group}_name`] : group,
  );
  const rows = points.map((point) => [
    point.starts_at.toISOString(),
    point.ends_at.toISOString(),
    ...groups.flatMap((group) => {
      const value = point[group];
      return named.includes(group) ? [value, value && (names.get(value) ?? null)] : [value];
    }),
    ...figures.map((figure) => String(point[figure])),
    formatMoney({ amount: point.amount, currency: point.currency }),
    point.currency,
  ]);
  return {
    name: `usage-${dayOf(from, timeZone)}-${dayOf(new Date(to.getTime() - 1), timeZone)}.csv`,
    bytes: writeCsv(['from', 'to', ...columns, ...figures, 'amount', 'currency'], rows),
    contentType: 'text/csv; charset=utf-8',
  };
}
