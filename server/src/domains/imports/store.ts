/** SQL of imports: where things came from, and what became of them here. */
import { sql } from 'kysely';
import { plainArray, textArray } from '../../platform/database/array-literal.ts';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { SourceKind } from './core/old-installation.ts';

export interface SourceRow {
  id: string;
  name: string;
  kind: SourceKind;
  sealedLocation: string | null;
}

const sourceColumns = sql`id, name, kind, sealed_location as "sealedLocation"`;

/** Adds a source unless there is one of the name, and answers the one that there is. */
export async function ensureSource(
  executor: Executor,
  source: { id: string; name: string; kind: SourceKind; at: Date },
): Promise<SourceRow> {
  await sql`
    insert into imports_sources (id, name, kind, created_at)
    values (${source.id}, ${source.name}, ${source.kind}, ${source.at})
    on conflict (name) do nothing
  `.execute(executor);
  return (await findSource(executor, source.name)) as SourceRow;
}

export async function findSource(executor: Executor, name: string): Promise<SourceRow | undefined> {
  const { rows } = await sql<SourceRow>`
    select ${sourceColumns}
    from imports_sources
    where name = ${name}
  `.execute(executor);
  return rows[0];
}

/** The mutex of an import: two that run at once take turns, batch by batch. */
export async function lockSource(transaction: Transaction, id: string): Promise<void> {
  await sql`
    select id
    from imports_sources
    where id = ${id}
    for update
  `.execute(transaction);
}

export async function saveLocation(
  executor: Executor,
  { id, sealedLocation }: { id: string; sealedLocation: string | null },
): Promise<void> {
  await sql`
    update imports_sources
    set sealed_location = ${sealedLocation}
    where id = ${id}
  `.execute(executor);
}

const sourcesMax = 50;

/** Those that are compared by night. */
export async function findWatchedSources(executor: Executor): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`
    select ${sourceColumns}
    from imports_sources
    where sealed_location is not null
    order by name
    limit ${sourcesMax}
  `.execute(executor);
  return rows;
}

export type MappingKind = 'account' | 'balance' | 'key' | 'channel';

export interface Mapping {
  theirId: string;
  ourId: string;
  organizationId: string | null;
  checksum: string;
  amount: bigint | null;
}

const mappingColumns = sql`
  their_id as "theirId", our_id as "ourId", organization_id as "organizationId", checksum, amount
`;

/**
 * What became of things there.
 * @scope deployment: an import moves every customer.
 */
export async function findMappings(
  executor: Executor,
  of: { sourceId: string; kind: MappingKind; theirIds: readonly string[] },
): Promise<Map<string, Mapping>> {
  const { rows } = await sql<Mapping>`
    select ${mappingColumns}
    from imports_mappings
    where source_id = ${of.sourceId} and kind = ${of.kind} and their_id = any(${textArray(of.theirIds)}::text[])
  `.execute(executor);
  return new Map(rows.map((row) => [row.theirId, row]));
}

/**
 * Notes what became of things there; of those that are known, what they are like by now.
 * @scope deployment: an import moves every customer.
 */
export async function saveMappings(
  transaction: Transaction,
  {
    sourceId,
    kind,
    mappings,
    at,
  }: { sourceId: string; kind: MappingKind; mappings: readonly Mapping[]; at: Date },
): Promise<void> {
  if (mappings.length === 0) return;
  await sql`
    insert into imports_mappings
      (source_id, kind, their_id, our_id, organization_id, checksum, amount, created_at, updated_at)
    select ${sourceId}, ${kind}, m.their_id, m.our_id, m.organization_id, m.checksum, m.amount, ${at}, ${at}
    from unnest(
      ${textArray(mappings.map(({ theirId }) => theirId))}::text[],
      ${textArray(mappings.map(({ ourId }) => ourId))}::text[],
      ${textArray(mappings.map(({ organizationId }) => organizationId))}::text[],
      ${textArray(mappings.map(({ checksum }) => checksum))}::text[],
      ${plainArray(mappings.map(({ amount }) => amount))}::bigint[]
    ) as m (their_id, our_id, organization_id, checksum, amount)
    on conflict (source_id, kind, their_id) do update
    set checksum = excluded.checksum, updated_at = excluded.updated_at
  `.execute(transaction);
}

/**
 * All of one kind, in pages by their id.
 * @scope deployment: a comparison looks at every customer that was moved.
 */
export async function listMappings(
  executor: Executor,
  page: { sourceId: string; kind: MappingKind; after: string; limit: number },
): Promise<Mapping[]> {
  const { rows } = await sql<Mapping>`
    select ${mappingColumns}
    from imports_mappings
    where source_id = ${page.sourceId} and kind = ${page.kind} and their_id > ${page.after}
    order by their_id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/**
 * What was moved, in figures.
 * @scope deployment: a comparison counts every customer that was moved.
 */
export async function countMappings(
  executor: Executor,
  sourceId: string,
): Promise<{ kind: MappingKind; count: bigint; amount: bigint }[]> {
  const { rows } = await sql<{ kind: MappingKind; count: bigint; amount: bigint }>`
    select kind, count(*) as count, coalesce(sum(amount), 0)::bigint as amount
    from imports_mappings
    where source_id = ${sourceId}
    group by kind
  `.execute(executor);
  return rows;
}

export interface ComparisonRow {
  sourceId: string;
  at: Date;
  differences: number;
  report: unknown;
}

/** Keeps a comparison, and drops those from before `since`. */
export async function insertComparison(
  executor: Executor,
  { since, ...row }: ComparisonRow & { since: Date },
): Promise<void> {
  await sql`
    insert into imports_comparisons (source_id, compared_at, differences, report)
    values (${row.sourceId}, ${row.at}, ${row.differences}, ${JSON.stringify(row.report)}::jsonb)
    on conflict (source_id, compared_at) do update
    set differences = excluded.differences, report = excluded.report
  `.execute(executor);
  await sql`
    delete from imports_comparisons
    where source_id = ${row.sourceId} and compared_at < ${since}
  `.execute(executor);
}
