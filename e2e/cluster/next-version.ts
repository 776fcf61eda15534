/**
 * A version after this one, made from this one: its tables have grown, and its stored functions take other arguments and
 * write what the present ones do not know. It is what an update is while both run; what it cannot stand for is told in
 * docs/decisions/0233.
 */
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;
const access = 'server/src/domains/access';

export interface NextVersion {
  /** Its root, as a clone would be. */
  readonly folder: string;
  /** What its calls leave in `metering_usage.written_by`. */
  readonly mark: string;
  remove(): void;
}

export function makeNextVersion(): NextVersion {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-next-'));
  const mark = 'next';
  cpSync(join(root, 'server'), join(folder, 'server'), { recursive: true });
  for (const name of ['contract', 'sandbox', 'web', 'node_modules', 'package.json']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  writeFileSync(join(folder, access, 'migrations/9001_access_written_by.sql'), migration);
  change(folder, `${access}/functions/settle-one.sql`, [
    [
      'create function access_settle_one(\n',
      'create function access_settle_one(\n  p_mark text,\n',
    ],
    ['insert into metering_usage (\n', 'insert into metering_usage (\n    written_by,\n'],
    ['values (\n    p_request_id,', 'values (\n    p_mark, p_request_id,'],
  ]);
  change(folder, `${access}/functions/settle.sql`, [
    ['insert into metering_usage (\n', 'insert into metering_usage (\n    written_by,\n'],
    [
      'select p_request_ids[i], p_organization_ids[i], p_api',
      `select '${mark}', p_request_ids[i], p_organization_ids[i], p_api`,
    ],
  ]);
  change(folder, `${access}/store.ts`, [
    ["callOf('access_settle_one', 24)", "callOf('access_settle_one', 25)"],
    [
      'pool.query({ ...settleOne, values })',
      `pool.query({ ...settleOne, values: ['${mark}', ...values] })`,
    ],
  ]);
  return { folder, mark, remove: () => rmSync(folder, { recursive: true }) };
}

/** The tables of the hot path grow while calls go through them. */
const migration = `alter table metering_usage add column written_by text;
alter table access_holds add column written_by text not null default 'before';
alter table ledger_organizations add column written_by text;
alter table ledger_buckets add column written_by text;
alter table platform_outbox add column written_by text;
create table access_next (id text primary key);
`;

/** Each text must be there, so that this cannot fall behind the files it changes. */
function change(
  folder: string,
  path: string,
  changes: readonly (readonly [string, string])[],
): void {
  const file = join(folder, path);
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${path} has no "${from}" any more.`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}
