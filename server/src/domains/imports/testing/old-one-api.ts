/** An installation of one-api or new-api as it looks after some months: made from a seed, so that it is the same each time. */
import { createHash } from 'node:crypto';
import type { OldDatabase, Value } from './old-database.ts';

type Row = Record<string, Value>;

export interface OldOneApi {
  users: number;
  tokensPerUser: number;
  logsPerUser: number;
  kind: 'one-api' | 'new-api';
  /** Rows of one's own behind the made ones, which are typical. */
  more?: { users?: Row[]; tokens?: Row[]; logs?: Row[]; channels?: Row[]; options?: Row[] };
}

/** Whole seconds of a day on which all of it was there already. */
export const oldNow = 1_780_000_000;
const daySeconds = 86_400;
export const unitsPerDollar = 500_000;

/** The 48 characters that such a system made, of a user's nth token. */
export function oldTokenKey(user: number, nth: number): string {
  return createHash('sha256').update(`token ${user} ${nth}`).digest('hex').slice(0, 48);
}

const quotaOf = (user: number) => user * 123_457;
const modelsOf = ['gpt-4o-mini', 'gpt-4o', 'claude-3-5-sonnet'] as const;

export async function fillOldOneApi(database: OldDatabase, wanted: OldOneApi): Promise<void> {
  for (const statement of tables(wanted.kind)) await database.run(statement);
  const { users, tokens, logs } = made(wanted);
  const more = wanted.more ?? {};
  const channels = [channelRow(1, 1), channelRow(2, 14), channelRow(3, 15)];
  await database.insert('users', [...users, ...(more.users ?? [])]);
  await database.insert('tokens', [...tokens, ...(more.tokens ?? [])]);
  await database.insert('logs', [...logs, ...(more.logs ?? [])]);
  await database.insert('channels', [...channels, ...(more.channels ?? [])]);
  await database.insert('options', more.options ?? []);
}

/** What all of the made rows come to. */
export function totalsOf(wanted: OldOneApi) {
  const { users, tokens, logs } = made(wanted);
  const sum = (rows: readonly Row[], name: string) =>
    rows.reduce((total, row) => total + BigInt(row[name] ?? 0), 0n);
  return {
    ...{ users: users.length, tokens: tokens.length },
    calls: BigInt(logs.length),
    quota: sum(users, 'quota'),
    usedQuota: sum(logs, 'quota'),
  };
}

function made({ users: count, tokensPerUser, logsPerUser, kind }: OldOneApi) {
  const users: Row[] = [];
  const tokens: Row[] = [];
  const logs: Row[] = [];
  for (let user = 1; user <= count; user += 1) {
    users.push(userRow(user));
    for (let nth = 1; nth <= tokensPerUser; nth += 1) {
      const id = (user - 1) * tokensPerUser + nth;
      tokens.push(tokenRow({ id, user, nth }));
    }
    for (let nth = 1; nth <= logsPerUser; nth += 1) {
      const which = 1 + (nth % Math.max(tokensPerUser, 1));
      const token = { token_id: (user - 1) * tokensPerUser + which };
      const row = logRow({ id: (user - 1) * logsPerUser + nth, user, nth, which });
      logs.push(kind === 'new-api' ? { ...row, ...token } : row);
    }
  }
  return { users, tokens, logs };
}

export function userRow(id: number, rest: Row = {}): Row {
  return {
    ...{
      id,
      username: `user${id}`,
      password: '$2a$10$abcdefghijklmnopqrstuuHashOfABcryptPassword',
    },
    ...{ display_name: `User ${id}`, role: 1, status: 1, email: `user${id}@old.example.com` },
    ...{
      quota: quotaOf(id),
      used_quota: 1000,
      request_count: 3,
      group: 'default',
      aff_code: `a${id}`,
    },
    ...rest,
  };
}

export function tokenRow(
  { id, user, nth }: { id: number; user: number; nth: number },
  rest: Row = {},
): Row {
  return {
    ...{ id, user_id: user, key: oldTokenKey(user, nth), status: 1, name: `token ${nth}` },
    ...{ created_time: oldNow - 90 * daySeconds, accessed_time: oldNow, expired_time: -1 },
    ...{ remain_quota: 500_000, unlimited_quota: nth === 1 ? 1 : 0, used_quota: 0 },
    ...rest,
  };
}

function logRow(of: { id: number; user: number; nth: number; which: number }): Row {
  const { id, user, nth, which } = of;
  return {
    ...{ id, user_id: user, created_at: oldNow - (nth % 40) * daySeconds - nth, type: 2 },
    ...{ username: `user${user}`, token_name: `token ${which}`, content: '' },
    model_name: modelsOf[nth % modelsOf.length] ?? '',
    ...{ quota: 100 + nth, prompt_tokens: 10 * nth, completion_tokens: nth },
  };
}

export function channelRow(id: number, type: number, rest: Row = {}): Row {
  return {
    ...{ id, type, key: `sk-upstream-${id}`, status: 1, name: `channel ${id}`, weight: 0 },
    ...{
      base_url: '',
      models: modelsOf.join(','),
      group: 'default',
      model_mapping: '',
      priority: 0,
    },
    ...rest,
  };
}

function tables(kind: OldOneApi['kind']): string[] {
  const isNew = kind === 'new-api';
  const ofUser = isNew ? 'aff_quota integer default 0, deleted_at text,' : '';
  const ofToken = isNew
    ? `model_limits_enabled boolean, model_limits text default '', allow_ips text default '',
       "group" text default '', deleted_at text`
    : `models text, subnet text default ''`;
  const ofLog = isNew ? 'token_id integer default 0,' : '';
  return [
    `create table users (
      id integer primary key, username text unique, password text not null, display_name text, role integer default 1,
      status integer default 1, email text, quota bigint default 0, used_quota bigint default 0,
      request_count integer default 0, ${ofUser} "group" varchar(64) default 'default', aff_code varchar(32) unique
    )`,
    `create table tokens (
      id integer primary key, user_id integer, "key" char(48) unique, status integer default 1, name text,
      created_time bigint, accessed_time bigint, expired_time bigint default -1, remain_quota bigint default 0,
      unlimited_quota boolean, used_quota bigint default 0, ${ofToken}
    )`,
    `create table channels (
      id integer primary key, type integer default 0, "key" text, status integer default 1, name text,
      weight integer default 0, base_url text default '', models text, "group" varchar(64) default 'default',
      model_mapping varchar(1024) default '', priority bigint default 0
    )`,
    `create table logs (
      id integer primary key, user_id integer, created_at bigint, type integer, content text, username text default '',
      token_name text default '', ${ofLog} model_name text default '', quota integer default 0,
      prompt_tokens integer default 0, completion_tokens integer default 0
    )`,
    'create index logs_created on logs (created_at, type)',
    'create table options ("key" text primary key, value text)',
  ];
}
