/** SQL of calls that were rated again. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { PriceTerms } from '../catalog/index.ts';
import type { RerateFigures } from './core/rerating.ts';

type StoredTerms = Record<string, unknown>;

type RerateTables = {
  metering_reratings: {
    id: string;
    key: string;
    model: string;
    from_at: Date;
    to_at: Date;
    terms: StoredTerms;
    settled_before: Date;
    created_at: Date;
  };
};

export interface ReratingRow {
  id: string;
  key: string;
  model: string;
  from: Date;
  to: Date;
  terms: PriceTerms;
  settledBefore: Date;
  createdAt: Date;
}

const tables = (executor: Executor) => executor.withTables<RerateTables>();

/** Lets one rating-again happen at a time, until the transaction ends: no call is given back twice. */
export async function lockReratings(transaction: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('metering:reratings', 0))`.execute(
    transaction,
  );
}

/** Those of models whose time touches `[from, to)`, oldest first. */
export async function findReratings(
  executor: Executor,
  { models, from, to }: { models: readonly string[]; from: Date; to: Date },
): Promise<ReratingRow[]> {
  if (models.length === 0) return [];
  const rows = await tables(executor)
    .selectFrom('metering_reratings')
    .select(['id', 'key', 'model', 'from_at', 'to_at', 'terms', 'settled_before', 'created_at'])
    .where('model', 'in', [...new Set(models)])
    .where('from_at', '<', to)
    .where('to_at', '>', from)
    .orderBy('from_at')
    .execute();
  return rows.map(({ from_at, to_at, terms, settled_before, created_at, ...row }) => ({
    ...row,
    ...{ from: from_at, to: to_at, settledBefore: settled_before, createdAt: created_at },
    terms: readTerms(terms),
  }));
}

export async function insertRerating(
  executor: Executor,
  { from, to, terms, settledBefore, createdAt, ...row }: ReratingRow,
  parts: ReadonlyMap<string, RerateFigures>,
): Promise<void> {
  await sql`
    insert into metering_reratings (id, key, model, from_at, to_at, terms, settled_before, created_at)
    values (${row.id}, ${row.key}, ${row.model}, ${from}, ${to}, ${writeTerms(terms)}::jsonb, ${settledBefore},
      ${createdAt})
  `.execute(executor);
  const figures = [...parts.values()];
  await sql`
    insert into metering_rerating_parts (rerating_id, organization_id, calls, billed, rerated, given_back)
    select ${row.id}, part.*
    from unnest(
      ${[...parts.keys()]}::text[],
      ${figures.map(({ calls }) => calls)}::bigint[],
      ${figures.map(({ billed }) => billed)}::bigint[],
      ${figures.map(({ rerated }) => rerated)}::bigint[],
      ${figures.map(({ givenBack }) => givenBack)}::bigint[]
    ) as part
  `.execute(executor);
}

/** JSON has no bigint: whole numbers of nano-units are texts that end in n, and are the only ones that do. */
function writeTerms(terms: PriceTerms): string {
  return JSON.stringify(terms, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

function readTerms(stored: StoredTerms): PriceTerms {
  return JSON.parse(JSON.stringify(stored), (_key, value: unknown) =>
    typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as PriceTerms;
}
