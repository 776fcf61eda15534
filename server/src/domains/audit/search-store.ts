/**
 * Pages of the log, newest first. First the newest entries are looked through: most filters fill a page there. A filter
 * that does not is rare, and the index of all facets finds its entries without reading others, months at a time.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { idAt, instantOf } from '../../platform/ids.ts';
import { startOfMonth } from '../../platform/time.ts';
import type { ChainedEntry } from './core/entry.ts';
import {
  type AuditQuestion,
  type Facet,
  type FacetName,
  type Facets,
  facetsOf,
  indexed,
} from './core/facets.ts';
import { entryColumns, facetArray } from './store.ts';

export interface AuditFilter extends AuditQuestion {
  /** Only entries older than the one of this id. */
  before?: string | undefined;
  /** Business time: where the newest entries are. */
  now: Date;
  limit: number;
}

/** A filter that fits fewer than a page's share of these is rare: 2,000 rows are read in about 2 ms. */
const lookedThroughMax = 2000;

/**
 * How many months are asked at once, from the newest on; what is older is asked in one. To plan a question costs time for
 * each month in it, and to read all that is rare in years costs more.
 */
const newestWindow = 2;
const nextWindow = 6;

/**
 * Entries that match, newest first.
 * @scope deployment: the list of an organization names it as its filter.
 */
export async function findEntries(
  executor: Executor,
  filter: AuditFilter,
): Promise<ChainedEntry[]> {
  const { facets, idPrefix } = facetsOf(filter);
  if (facets.some((alternatives) => alternatives.length === 0)) return [];
  const { limit } = filter;
  const range = rangeOf(filter, idPrefix);
  const newest = newestMonths(range, filter.now);
  const [scope, rest] = splitScope(facets);
  if (rest.length === 0) return findPlain(executor, scope, { range, newest, limit });
  let looked = await lookThrough(executor, { scope, rest, range: newest, limit });
  const isNewestAll = newest.from === range.from;
  // An organization with so few entries has few in all: they are all looked through.
  const isSmall = looked.end === undefined && scope.length > 0 && !isNewestAll;
  if (isSmall) looked = await lookThrough(executor, { scope, rest, range, limit });
  const { entries, end } = looked;
  const isAll = end === undefined && (isNewestAll || isSmall);
  if (isAll || entries.length >= limit) return entries;
  const older = { ...range, to: end ?? newest.from };
  return findRare(executor, facets, { limit, range: older, found: entries });
}

/** Half-open, of ids. */
interface IdRange {
  from: string;
  to: string;
}

function rangeOf(filter: AuditFilter, idPrefix: string | undefined): IdRange {
  const { from, to, before } = filter;
  return {
    from: inOrder([from && idAt('aud', from), idPrefix]).at(-1) ?? '',
    to: inOrder([to && idAt('aud', to), idPrefix && `${idPrefix}~`, before])[0] ?? '~',
  };
}

function inOrder(ids: readonly (string | undefined)[]): string[] {
  return ids.filter((id) => id !== undefined).sort();
}

/** The last months of the range; where it has no end, of the log. */
function newestMonths(range: IdRange, now: Date): IdRange {
  const to = range.to === '~' ? idAt('aud', now) : range.to;
  return { from: inOrder([windowStart(to, newestWindow), range.from]).at(-1) ?? '', to: range.to };
}

/** An organization's entries have an index of their own. */
function splitScope(facets: Facets): [Facets, Facets] {
  const isScope = ([facet]: readonly Facet[]) => facet?.name === 'organization';
  return [facets.filter(isScope), facets.filter((alternatives) => !isScope(alternatives))];
}

/** Without a filter, the order of the index is the order of the page. */
async function findPlain(
  executor: Executor,
  scope: Facets,
  { range, newest, limit }: { range: IdRange; newest: IdRange; limit: number },
): Promise<ChainedEntry[]> {
  const entries = await findInOrder(executor, scope, { range: newest, limit });
  if (entries.length >= limit || newest.from === range.from) return entries;
  return findInOrder(executor, scope, { range, limit });
}

/** @scope deployment: the list of an organization names it as its filter. */
async function findInOrder(
  executor: Executor,
  scope: Facets,
  { range, limit }: { range: IdRange; limit: number },
): Promise<ChainedEntry[]> {
  const { rows } = await sql<ChainedEntry>`
    select ${entryColumns('audit_entries')}
    from audit_entries
    where ${allOf(scope)} and id >= ${range.from} and id < ${range.to}
    order by id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

interface Look {
  scope: Facets;
  rest: Facets;
  range: IdRange;
  limit: number;
}

/**
 * `end` is the last entry that was looked at; undefined where nothing is left behind it in the range.
 * @scope deployment: the list of an organization names it as its filter.
 */
async function lookThrough(
  executor: Executor,
  { scope, rest, range, limit }: Look,
): Promise<{ entries: ChainedEntry[]; end: string | undefined }> {
  const { rows } = await sql<{ ids: string[]; end: string | null; looked: bigint }>`
    with recent as materialized (
      select id, actor_kind, actor_id, action, resource_kind, resource_id, organization_id, ip, request_id
      from audit_entries
      where ${allOf(scope)} and id >= ${range.from} and id < ${range.to}
      order by id desc
      limit ${lookedThroughMax}
    )
    select
      array(select id from recent where ${allOf(rest)} order by id desc limit ${limit}) as ids,
      min(id) as "end",
      count(*) as looked
    from recent
  `.execute(executor);
  const extent = rows[0];
  if (!extent || extent.end === null) return { entries: [], end: undefined };
  const isAll = extent.looked < BigInt(lookedThroughMax);
  const entries = await findByIds(executor, extent.ids);
  return { entries, end: isAll ? undefined : extent.end };
}

/** @scope deployment: the list of an organization names it as its filter. */
async function findByIds(executor: Executor, ids: readonly string[]): Promise<ChainedEntry[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ChainedEntry>`
    select ${entryColumns('e')}
    from audit_entries e
    where e.id = any(${ids}::text[])
      and e.id >= ${ids.at(-1)} and e.id <= ${ids[0]}
    order by e.id desc
  `.execute(executor);
  return rows;
}

const columns: Record<FacetName, RawBuilder<unknown>> = {
  organization: sql`organization_id`,
  actor: sql`actor_id`,
  actor_kind: sql`actor_kind`,
  action: sql`action`,
  noun: sql`split_part(action, '.', 1)`,
  resource_kind: sql`resource_kind`,
  resource: sql`resource_id`,
  ip: sql`ip`,
  request: sql`request_id`,
};

function allOf(facets: Facets): RawBuilder<unknown> {
  const anyOf = (alternatives: readonly Facet[]) =>
    sql`(${sql.join(
      alternatives.map(({ name, value }) => sql`${columns[name]} = ${value}`),
      sql` or `,
    )})`;
  return facets.length === 0 ? sql`true` : sql.join(facets.map(anyOf), sql` and `);
}

interface RareSearch {
  range: IdRange;
  limit: number;
  found: ChainedEntry[];
}

async function findRare(
  executor: Executor,
  facets: Facets,
  { range, limit, found }: RareSearch,
): Promise<ChainedEntry[]> {
  let entries = found;
  let { to } = range;
  for (const months of [newestWindow, nextWindow, undefined]) {
    if (entries.length >= limit || to <= range.from) break;
    const start = months === undefined ? undefined : windowStart(to, months);
    const from = inOrder([start, range.from]).at(-1) ?? '';
    const window = { range: { from, to }, limit: limit - entries.length };
    entries = [...entries, ...(await intersect(executor, facets, window))];
    to = from;
  }
  return entries;
}

/** The beginning of the month that ends with `to`, or of one before. */
function windowStart(to: string, months: number): string {
  const last = new Date(Math.max(instantOf(to).getTime() - 1, 0));
  const start = startOfMonth(last, 'UTC', 1 - months);
  return idAt('aud', start.getTime() > 0 ? start : new Date(0));
}

/**
 * The newest of a window that have all facets. The ids first, so that only what is shown is read whole.
 * @scope deployment: the list of an organization names it as its filter.
 */
async function intersect(
  executor: Executor,
  facets: Facets,
  { range, limit }: { range: IdRange; limit: number },
): Promise<ChainedEntry[]> {
  const { rows } = await sql<{ id: string }>`
    with matching as materialized (
      select id
      from audit_entries
      where ${indexedFacets(facets)} and id >= ${range.from} and id < ${range.to}
    )
    select id
    from matching
    order by id desc
    limit ${limit}
  `.execute(executor);
  return findByIds(
    executor,
    rows.map(({ id }) => id),
  );
}

function indexedFacets(facets: Facets): RawBuilder<unknown> {
  const single = facets.filter(({ length }) => length === 1).flat();
  const several = facets.filter(({ length }) => length > 1);
  const conditions = [
    ...(single.length > 0 ? [sql`${facetArray} @> ${single.map(indexed)}::text[]`] : []),
    ...several.map((any) => sql`${facetArray} && ${any.map(indexed)}::text[]`),
  ];
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}
