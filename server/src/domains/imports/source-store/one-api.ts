/**
 * An installation of one-api, or of new-api, which grew out of it: the same tables with other columns, so what is asked
 * for is what is there. https://github.com/songquanpeng/one-api, https://github.com/QuantumNous/new-api
 */
import { startOfDay, startOfNextDay } from '../../../platform/time.ts';
import type { Rate } from '../core/money-there.ts';
import { nanosOfQuota, readRate } from '../core/money-there.ts';
import type {
  OldAccount,
  OldInstallation,
  OldKey,
  OldUsage,
  SourceKind,
} from '../core/old-installation.ts';
import { channelOf, keyOf, type OneApiTerms, pricesOf, wholeOf } from '../core/one-api.ts';
import {
  type ForeignDatabase,
  openForeignDatabase,
  type Row,
  refused,
} from './foreign-database.ts';

const rowsAtOnce = 200n;
const consumed = 2n;
const quotaPerDollar: Rate = { numerator: 500_000n, denominator: 1n };

export interface OneApiOptions {
  kind: Exclude<SourceKind, 'claude-relay'>;
  database: string;
  /** What a dollar there is in the usage currency. */
  rate: Rate;
  /** Whose days usage is summed by. */
  timeZone: string;
}

/** @throws Refusal `rule_violated` for what is no such installation. */
export async function openOneApi(options: OneApiOptions): Promise<OldInstallation> {
  const { kind, rate } = options;
  const database = await openForeignDatabase(options.database);
  try {
    await requireKind(database, kind);
    const terms: OneApiTerms = { kind, rate, perDollar: await perDollarOf(database) };
    return {
      kind,
      async count() {
        const [row] = await database.all(
          'select (select count(*) from users) as accounts, (select count(*) from tokens) as keys',
        );
        return { accounts: Number(row?.accounts ?? 0), keys: Number(row?.keys ?? 0) };
      },
      accounts: () => readAccounts(database, terms),
      keys: () => readKeys(database, terms),
      usage: (since) => readUsage(database, terms, { since, timeZone: options.timeZone }),
      channels: () => readChannels(database),
      inputPrices: async () => pricesOf(await readOption(database, 'ModelRatio'), rate),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function requireKind(database: ForeignDatabase, kind: SourceKind): Promise<void> {
  const columns = await database.columnsOf('tokens');
  if (!columns.has('remain_quota')) {
    throw refused(
      `This is no database of ${kind}: it has no table of tokens. Check which one it is.`,
    );
  }
  const found = columns.has('model_limits_enabled') ? 'new-api' : 'one-api';
  if (found !== kind)
    throw refused(`This is a database of ${found}: use "sluice import ${found}".`);
}

/** Operators there may say what a dollar is in units of the quota. */
async function perDollarOf(database: ForeignDatabase): Promise<Rate> {
  const text = await readOption(database, 'QuotaPerUnit');
  return text === undefined ? quotaPerDollar : (readRate(text) ?? quotaPerDollar);
}

async function readOption(database: ForeignDatabase, name: string): Promise<string | undefined> {
  if (!(await database.columnsOf('options')).has('value')) return undefined;
  const [row] = await database.all(`select value from options where "key" = $1`, [name]);
  return row === undefined ? undefined : String(row.value);
}

/** Pages of a table by its id, with those of the columns that this version has. */
async function* pagesOf(
  database: ForeignDatabase,
  table: string,
  columns: readonly string[],
): AsyncGenerator<Row[]> {
  const has = await database.columnsOf(table);
  const list = columns.filter((name) => has.has(name)).map((name) => `"${name}"`);
  let after = -(2n ** 63n);
  while (true) {
    const rows = await database.all(
      `select ${list.join(', ')} from ${table} where id > cast($1 as bigint) order by id limit $2`,
      [after, rowsAtOnce],
    );
    if (rows.length > 0) yield rows;
    if (rows.length < Number(rowsAtOnce)) return;
    after = wholeOf(rows.at(-1)?.id);
  }
}

const accountColumns = [
  ...['id', 'username', 'display_name', 'role', 'status', 'email', 'quota', 'group'],
  ...['aff_quota', 'deleted_at'],
];
const roles: Record<string, string> = { 10: 'an administrator', 100: 'the root user' };

async function* readAccounts(
  database: ForeignDatabase,
  { rate, perDollar }: OneApiTerms,
): AsyncGenerator<OldAccount[]> {
  for await (const rows of pagesOf(database, 'users', accountColumns)) {
    yield rows.map((row) => {
      const status = Number(row.status ?? 1);
      const isDeleted = status === 3 || (row.deleted_at ?? null) !== null;
      const invited = wholeOf(row.aff_quota);
      const notCarried: string[] = [];
      if ((row.group ?? 'default') !== 'default' && row.group !== '') {
        notCarried.push(`its group "${row.group}"`);
      }
      if (invited > 0n) notCarried.push(`${invited} units of invitation credit`);
      return {
        id: String(row.id),
        email: textOf(row.email),
        name: textOf(row.display_name),
        username: textOf(row.username),
        status: isDeleted ? 'deleted' : status === 2 ? 'disabled' : 'active',
        role: roles[String(row.role)] ?? null,
        balance: nanosOfQuota(wholeOf(row.quota), perDollar, rate),
        notCarried,
      };
    });
  }
}

const keyColumns = [
  ...['id', 'user_id', 'key', 'status', 'name', 'expired_time', 'remain_quota', 'unlimited_quota'],
  ...[
    'models',
    'subnet',
    'model_limits_enabled',
    'model_limits',
    'allow_ips',
    'group',
    'deleted_at',
  ],
];

async function* readKeys(database: ForeignDatabase, terms: OneApiTerms): AsyncGenerator<OldKey[]> {
  for await (const rows of pagesOf(database, 'tokens', keyColumns)) {
    yield rows.map((row) => keyOf(row, terms));
  }
}

const channelColumns = [
  ...['id', 'type', 'key', 'status', 'name', 'weight', 'base_url', 'models', 'model_mapping'],
  ...['priority', 'group'],
];

async function readChannels(database: ForeignDatabase) {
  const channels = [];
  for await (const rows of pagesOf(database, 'channels', channelColumns)) {
    channels.push(...rows.map(channelOf));
  }
  return channels;
}

/** Day by day, so that no more is in memory than one; a key is known by its id, or by a name that is its account's only one. */
async function* readUsage(
  database: ForeignDatabase,
  { perDollar, rate }: OneApiTerms,
  { since, timeZone }: { since: Date | undefined; timeZone: string },
): AsyncGenerator<{ day: Date; usage: OldUsage[] }> {
  const columns = await database.columnsOf('logs');
  if (!columns.has('quota')) return;
  // Names of keys are no one's own: only an account's single key of a name is known by it.
  const { named, token, join } = columns.has('token_id')
    ? { named: 'token_id', token: 'case when g.named > 0 then g.named end', join: '' }
    : {
        ...{ named: 'token_name', token: 't.id' },
        join: `left join (
          select user_id, name, min(id) as id from tokens group by user_id, name having count(*) = 1
        ) as t on t.user_id = g.account and t.name = g.named`,
      };
  let from = since ?? (await firstDay(database, timeZone));
  const last = await instantOfLog(database, 'max');
  while (from !== undefined && last !== undefined && from <= last) {
    const to = startOfNextDay(from, timeZone);
    const rows = await database.all(
      `select g.account, ${token} as token, g.model, g.calls, g.quota, g.input, g.output
      from (
        select user_id as account, ${named} as named, model_name as model, count(*) as calls, sum(quota) as quota,
          sum(prompt_tokens) as input, sum(completion_tokens) as output
        from logs
        where type = $1 and created_at >= $2 and created_at < $3
        group by user_id, ${named}, model_name
      ) as g ${join}
      order by g.account, g.model`,
      [consumed, secondsOf(from), secondsOf(to)],
    );
    const usage = rows.map((row) => ({
      accountId: String(row.account),
      keyId: row.token === null ? null : String(row.token),
      model: String(row.model ?? ''),
      calls: wholeOf(row.calls),
      inputTokens: wholeOf(row.input),
      outputTokens: wholeOf(row.output),
      amount: nanosOfQuota(wholeOf(row.quota), perDollar, rate),
    }));
    if (usage.length > 0) yield { day: from, usage };
    from = to;
  }
}

async function firstDay(database: ForeignDatabase, timeZone: string): Promise<Date | undefined> {
  const first = await instantOfLog(database, 'min');
  return first && startOfDay(first, timeZone);
}

async function instantOfLog(
  database: ForeignDatabase,
  end: 'min' | 'max',
): Promise<Date | undefined> {
  const [row] = await database.all(
    `select ${end}(created_at) as at from logs where type = $1 and created_at > 0`,
    [consumed],
  );
  const seconds = wholeOf(row?.at);
  return seconds > 0n ? new Date(Number(seconds) * 1000) : undefined;
}

function secondsOf(at: Date): bigint {
  return BigInt(Math.floor(at.getTime() / 1000));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
