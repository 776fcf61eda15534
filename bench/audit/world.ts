/**
 * Ten million entries of two years, made by the database itself: one organization has three in ten of them, a hundred
 * have half, and twenty thousand the rest. What people filter by is as uneven: few actions make up most of the log, some are
 * one in ten thousand.
 */
import type pg from 'pg';

export const months = 24;
const monthMs = 30.4 * 86_400_000;
const beganMs = Date.now() - Math.round(months * monthMs);
export const large = 'org_large';
export const middle = (index: number) => `org_middle_${index % 100}`;
export const small = (index: number) => `org_small_${index % 20_000}`;

const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const batchRows = 500_000;

/** The plain table beside ours: one heap, and an index for each column that is filtered by. */
export const naiveTable = `
  create table bench_naive (like audit_entries including defaults, primary key (id));
`;
export const naiveIndexes = [
  'create index on bench_naive (organization_id, id desc)',
  'create index on bench_naive (actor_id, id desc)',
  'create index on bench_naive (resource_id, id desc)',
  'create index on bench_naive (resource_kind, id desc)',
  'create index on bench_naive (action, id desc)',
  "create index on bench_naive (split_part(action, '.', 1), id desc)",
];

/** Straight into the table, not through the chain: what is measured is finding. Indexes are built behind the rows. */
export async function fill(
  client: pg.Client,
  rows: number,
  say: (what: string) => void,
): Promise<void> {
  await client.query("set synchronous_commit = off; set maintenance_work_mem = '1GB'");
  const dropped = ['audit_entries_place', 'audit_entries_organization', 'audit_entries_facets'];
  const { rows: definitions } = await client.query<{ text: string }>(
    'select pg_get_indexdef(name::regclass) as text from unnest($1::text[]) as name',
    [dropped],
  );
  for (const name of dropped) await client.query(`drop index ${name}`);
  for (let from = 0; from < rows; from += batchRows) {
    const to = Math.min(from + batchRows, rows);
    await insert(client, 'audit_entries', { from, to, rows });
    say(`${to} rows`);
  }
  for (const { text } of definitions) {
    await client.query(text.replace(' ON ONLY ', ' ON '));
    say(text.slice(0, 60));
  }
  await client.query(naiveTable);
  await client.query('insert into bench_naive select * from audit_entries');
  for (const index of naiveIndexes) await client.query(index);
  say('the plain table');
}

/** Rows `from` to `to` of so many. */
export async function insert(
  client: pg.Client,
  table: string,
  { from, to, rows }: { from: number; to: number; rows: number },
): Promise<void> {
  await client.query(insertInto(table), [from, to - 1, rows]);
}

/** The digits of a ULID's time. */
const time = Array.from(
  { length: 10 },
  (_, index) => `substr('${digits}', (ms >> ${5 * (9 - index)} & 31)::int + 1, 1)`,
).join(' || ');

const insertInto = (table: string) => `
  insert into ${table} (
    id, chain, position, organization_id, actor_kind, actor_id, action, resource_kind, resource_id, old_values,
    new_values, ip, user_agent, request_id, created_at, version, origin_salt, origin_digest, values_salt, values_digest,
    previous_hash, hash
  )
  select
    'aud_' || ${time} || lpad(i::text, 16, '0'),
    organization, i + 1, organization, kind,
    case kind when 'system' then null else actor end, noun || '.' || verb, noun, noun || '_' || i / 3,
    '{"price": "30.00", "name": "Starter"}', '{"price": "35.00", "name": "Starter"}',
    '10.' || h % 4 || '.' || h / 4 % 64 || '.' || h / 256 % 250, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/142.0',
    'req_' || i, to_timestamp(ms / 1000.0), 2, 'bench', md5(i::text) || md5(i::text), 'bench',
    md5(i::text) || md5(i::text), md5(i::text) || md5(i::text), md5((i + 1)::text) || md5((i + 1)::text)
  from generate_series($1::bigint, $2::bigint) as i,
    lateral (
      select
        ${beganMs}::bigint + (i::float8 / $3::bigint * ${months * monthMs})::bigint as ms,
        abs(hashint8(i)) as h
    ) a,
    lateral (
      select
        case
          when h % 10 < 3 then '${large}'
          when h % 10 < 8 then 'org_middle_' || h / 10 % 100
          else 'org_small_' || h / 10 % 20000
        end as organization,
        (array['user', 'user', 'user', 'system', 'api_key'])[1 + h / 7 % 5] as kind
    ) b,
    lateral (
      select
        case
          when h / 100 % 10000 = 0 then 'tax_rate'
          else (array['session', 'session', 'session', 'user', 'api_key', 'payment', 'invoice', 'package'])[1 + h / 11 % 8]
        end as noun,
        case
          when h / 13 % 5000 = 0 then 'erase'
          when h / 13 % 100 = 0 then 'revoke'
          else (array['create', 'update', 'end'])[1 + h / 17 % 3]
        end as verb,
        case
          when organization = '${large}' then 'usr_large_' || (h / 19 % 400)
          else 'usr_' || organization || '_' || (h / 19 % 6)
        end as actor
    ) c`;
