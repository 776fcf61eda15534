/** All SQL of the settings. */
import { sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

/** Undefined where nobody has set it. */
export const findValue = gathered(async (executor: Executor, names: readonly string[]) => {
  const { rows } = await sql<{ name: string; value: unknown }>`
    select name, value
    from settings_values
    where name = any(${[...new Set(names)]}::text[])
  `.execute(executor);
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  return names.map((name) => values.get(name));
});

/** One writer of a setting at a time, also of one that has no row yet. */
export async function lockSetting(transaction: Transaction, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`settings:${name}`}, 0))`.execute(
    transaction,
  );
}

export async function saveValue(
  transaction: Transaction,
  setting: { name: string; value: unknown; at: Date },
): Promise<void> {
  await sql`
    insert into settings_values (name, value, updated_at)
    values (${setting.name}, ${JSON.stringify(setting.value)}::jsonb, ${setting.at})
    on conflict (name) do update
    set value = excluded.value, updated_at = excluded.updated_at
  `.execute(transaction);
}
