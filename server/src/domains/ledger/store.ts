/** SQL of the ledger: funds rows, buckets, transfers. */
import { type Generated, type Selectable, sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { invariant } from '../../platform/errors.ts';
import type { BucketChange, Posting } from './core/posting.ts';
import type { SpendableBucket } from './core/split.ts';

type LedgerTables = {
  ledger_organizations: {
    organization_id: string;
    currency: string;
    shortfall: Generated<bigint>;
    time_zone: Generated<string>;
    time_zone_changed_at: Generated<Date>;
  };
  ledger_buckets: {
    id: string;
    organization_id: string;
    kind: 'wallet' | 'grant' | 'allowance';
    currency: string;
    available: Generated<bigint>;
    held: Generated<bigint>;
    priority: Generated<number>;
    spend_before: Generated<Date>;
    opens_at: Generated<Date>;
    closes_at: Generated<Date>;
    pause_from: Generated<Date>;
    pause_until: Generated<Date>;
    organization_package_id: string | null;
    day: number | null;
    account: string;
  };
  ledger_transfers: {
    id: string;
    organization_id: string;
    debit: string;
    credit: string;
    amount: bigint;
    currency: string;
    kind: string;
    reference: string;
    occurred_at: Date;
    recorded_at: Date;
  };
};

const tables = (executor: Executor) => executor.withTables<LedgerTables>();

export const transfersTable = { name: 'ledger_transfers', column: 'id', idPrefix: 'trf' };

const fundsColumns = ['organization_id', 'currency', 'shortfall', 'time_zone'] as const;

export type FundsRow = Pick<
  Selectable<LedgerTables['ledger_organizations']>,
  (typeof fundsColumns)[number]
>;

/** Takes the organization's mutex: every writer of its funds does so first, several organizations by id. */
export const lockFunds = gathered(async (transaction, organizationIds: readonly string[]) => {
  const rows = await tables(transaction)
    .selectFrom('ledger_organizations')
    .select(fundsColumns)
    .where('organization_id', '=', sql<string>`any(${[...organizationIds]}::text[])`)
    .orderBy('organization_id')
    .forNoKeyUpdate()
    .execute();
  const found = new Map<string, FundsRow>(rows.map((row) => [row.organization_id, row]));
  return organizationIds.map((id) => found.get(id));
});

export const findFunds = gathered(async (executor, organizationIds: readonly string[]) => {
  const rows = await tables(executor)
    .selectFrom('ledger_organizations')
    .select(fundsColumns)
    .where('organization_id', '=', sql<string>`any(${[...organizationIds]}::text[])`)
    .execute();
  const found = new Map<string, FundsRow>(rows.map((row) => [row.organization_id, row]));
  return organizationIds.map((id) => found.get(id));
});

export async function insertFunds(
  transaction: Transaction,
  funds: { organizationId: string; currency: string; timeZone: string; walletId: string },
): Promise<void> {
  const { organizationId, currency, timeZone, walletId } = funds;
  await tables(transaction)
    .insertInto('ledger_organizations')
    .values({ organization_id: organizationId, currency, time_zone: timeZone })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tables(transaction)
    .insertInto('ledger_buckets')
    .values({
      id: walletId,
      organization_id: organizationId,
      kind: 'wallet',
      account: 'wallet',
      currency,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Writes down that an organization owes so much more; its row is locked before. */
export async function addShortfall(
  transaction: Transaction,
  organizationId: string,
  amount: bigint,
): Promise<void> {
  await tables(transaction)
    .updateTable('ledger_organizations')
    .set({ shortfall: sql`shortfall + ${amount}` })
    .where('organization_id', '=', organizationId)
    .execute();
}

/** Says whose days the organization's use is counted in, from the next reset on. */
export async function updateTimeZone(
  transaction: Transaction,
  organizationId: string,
  timeZone: string,
  now: Date,
): Promise<void> {
  await tables(transaction)
    .updateTable('ledger_organizations')
    .set({ time_zone: timeZone, time_zone_changed_at: now })
    .where('organization_id', '=', organizationId)
    .execute();
}

/** Grants and the wallet as they may be spent at an instant, in the order of the waterfall. */
export async function listSpendable(
  transaction: Transaction,
  { organizationId, currency, at }: { organizationId: string; currency: string; at: Date },
): Promise<SpendableBucket[]> {
  const { rows } = await sql<SpendableBucket>`
    select account, available
    from ledger_buckets
    where organization_id = ${organizationId}
      and currency = ${currency}
      and kind in ('grant', 'wallet')
      and available > 0
      and opens_at <= ${at}
      and closes_at > ${at}
    order by kind, priority, spend_before, id
  `.execute(transaction);
  return rows;
}

/** A credit grant's or an allowance's bucket before anything is in it. */
export interface NewBucket {
  id: string;
  kind: 'grant' | 'allowance';
  currency: string;
  priority?: number;
  spend_before?: Date;
  opens_at?: Date;
  closes_at?: Date;
  pause_from?: Date;
  pause_until?: Date;
  organization_package_id?: string;
  day?: number;
}

export async function insertBuckets(
  transaction: Transaction,
  organizationId: string,
  buckets: readonly NewBucket[],
): Promise<void> {
  for (const bucket of buckets) checkWindow(bucket);
  const rowsMax = 1000;
  for (let start = 0; start < buckets.length; start += rowsMax) {
    await tables(transaction)
      .insertInto('ledger_buckets')
      .values(
        buckets.slice(start, start + rowsMax).map((bucket) => ({
          organization_id: organizationId,
          account: `${bucket.kind}:${bucket.id}`,
          ...bucket,
        })),
      )
      .execute();
  }
}

function checkWindow(
  bucket: Pick<NewBucket, 'opens_at' | 'closes_at' | 'pause_from' | 'pause_until'>,
) {
  const { opens_at, closes_at, pause_from, pause_until } = bucket;
  invariant(!opens_at || !closes_at || opens_at < closes_at, 'a bucket opens before it closes');
  const isPause = !pause_from || !pause_until || pause_from <= pause_until;
  invariant(isPause, 'a pause begins before it ends');
}

/** Adds each change of an organization to its bucket; answers the accounts that exist and can bear it. */
export const changeBuckets = gathered(
  async (transaction, asked: readonly { organizationId: string; changes: BucketChange[] }[]) => {
    const all = asked.flatMap(({ organizationId, changes }) =>
      changes.map((change) => ({ ...change, organizationId })),
    );
    const { rows } = await sql<{ organization_id: string; account: string; currency: string }>`
      update ledger_buckets as bucket
      set available = bucket.available + c.change
      from unnest(
        ${all.map(({ organizationId }) => organizationId)}::text[],
        ${all.map(({ account }) => account)}::text[],
        ${all.map(({ currency }) => currency)}::text[],
        ${all.map(({ change }) => change)}::bigint[]
      ) as c (organization_id, account, currency, change)
      where bucket.organization_id = c.organization_id
        and bucket.account = c.account
        and bucket.currency = c.currency
        and bucket.available + c.change >= 0
      returning bucket.organization_id, bucket.account, bucket.currency
    `.execute(transaction);
    const changed = Map.groupBy(rows, (row) => row.organization_id);
    return asked.map(({ organizationId }) => {
      const own = changed.get(organizationId) ?? [];
      return new Set(own.map(({ account, currency }) => `${account} ${currency}`));
    });
  },
  // A row is changed once by a statement.
  ({ organizationId }) => organizationId,
);

export interface TransfersToInsert {
  organizationId: string;
  transfers: (Posting & { id: string })[];
  occurred: Date;
  recorded: Date;
}

export const insertTransfers = gathered(
  async (transaction, asked: readonly TransfersToInsert[]) => {
    const all = asked.flatMap(({ transfers, ...shared }) =>
      transfers.map((transfer) => ({ ...shared, ...transfer })),
    );
    await sql`
      insert into ledger_transfers (
        id, organization_id, debit, credit, amount, currency, kind, reference, occurred_at, recorded_at
      )
      select *
      from unnest(
        ${all.map(({ id }) => id)}::text[],
        ${all.map(({ organizationId }) => organizationId)}::text[],
        ${all.map(({ debit }) => debit)}::text[],
        ${all.map(({ credit }) => credit)}::text[],
        ${all.map(({ amount }) => amount.amount)}::bigint[],
        ${all.map(({ amount }) => amount.currency)}::text[],
        ${all.map(({ kind }) => kind)}::text[],
        ${all.map(({ reference }) => reference)}::text[],
        ${all.map(({ occurred }) => occurred.toISOString())}::timestamptz[],
        ${all.map(({ recorded }) => recorded.toISOString())}::timestamptz[]
      )
    `.execute(transaction);
    return asked.map(() => undefined);
  },
);

export interface SpendableRow {
  id: string;
  kind: 'wallet' | 'grant' | 'allowance';
  currency: string;
  available: bigint;
  held: bigint;
  priority: number;
  /** Null where it has always been open. */
  opens_at: Date | null;
  /** Null where it never expires. */
  expires_at: Date | null;
}

/** The wallet and the credit grants, in the order in which they are spent. */
export const listWalletBuckets = gathered(async (executor, organizationIds: readonly string[]) => {
  const { rows } = await sql<SpendableRow & { organization_id: string }>`
    select organization_id, id, kind, currency, available, held, priority, nullif(opens_at, '-infinity') as opens_at,
      nullif(closes_at, 'infinity') as expires_at
    from ledger_buckets
    where organization_id = any(${[...organizationIds]}::text[])
      and kind in ('wallet', 'grant')
    order by organization_id, kind, priority, spend_before, id
  `.execute(executor);
  const found = Map.groupBy(rows, (row) => row.organization_id);
  return organizationIds.map((id): SpendableRow[] => found.get(id) ?? []);
});

export interface AllowanceRow {
  id: string;
  organization_package_id: string;
  day: number;
  currency: string;
  available: bigint;
  held: bigint;
  opens_at: Date;
  closes_at: Date;
  /** Null where it is not paused. */
  pause_from: Date | null;
  pause_until: Date | null;
}

/** Allowances that are not over at an instant, in the order in which they are spent. */
export async function listAllowances(
  executor: Executor,
  organizationId: string,
  at: Date,
): Promise<AllowanceRow[]> {
  const { rows } = await sql<AllowanceRow>`
    select id, organization_package_id, day, currency, available, held, opens_at, closes_at,
      nullif(pause_from, 'infinity') as pause_from,
      nullif(pause_until, 'infinity') as pause_until
    from ledger_buckets
    where organization_id = ${organizationId}
      and closes_at > ${at}
      and kind = 'allowance'
    order by spend_before, id
  `.execute(executor);
  return rows;
}

export interface WindowRow {
  id: string;
  opensAt: Date;
  closesAt: Date;
  pauseUntil: Date | null;
}

/** Moves windows of allowances; a pause keeps its beginning. */
export async function updateWindows(
  transaction: Transaction,
  organizationId: string,
  windows: readonly WindowRow[],
): Promise<void> {
  for (const { opensAt, closesAt, pauseUntil } of windows) {
    checkWindow({ opens_at: opensAt, closes_at: closesAt });
    invariant(!pauseUntil || pauseUntil <= closesAt, 'a pause ends before its bucket closes');
  }
  await sql`
    update ledger_buckets as bucket
    set opens_at = w.opens_at,
      closes_at = w.closes_at,
      pause_until = coalesce(w.pause_until, bucket.pause_until)
    from unnest(
      ${windows.map(({ id }) => id)}::text[],
      ${windows.map(({ opensAt }) => opensAt)}::timestamptz[],
      ${windows.map(({ closesAt }) => closesAt)}::timestamptz[],
      ${windows.map(({ pauseUntil }) => pauseUntil)}::timestamptz[]
    ) as w (id, opens_at, closes_at, pause_until)
    where bucket.id = w.id
      and bucket.organization_id = ${organizationId}
  `.execute(transaction);
}

export type WalletLineRow = Pick<
  Selectable<LedgerTables['ledger_transfers']>,
  'id' | 'debit' | 'amount' | 'currency' | 'kind' | 'reference' | 'occurred_at'
>;

/** Transfers into and out of the wallet, newest first, before the id given. */
export async function listWalletLines(
  executor: Executor,
  organizationId: string,
  page: { before: string | undefined; limit: number },
): Promise<WalletLineRow[]> {
  let query = tables(executor)
    .selectFrom('ledger_transfers')
    .select(['id', 'debit', 'amount', 'currency', 'kind', 'reference', 'occurred_at'])
    .where('organization_id', '=', organizationId)
    .where(({ or, eb }) => or([eb('debit', '=', 'wallet'), eb('credit', '=', 'wallet')]))
    .orderBy('id', 'desc')
    .limit(page.limit);
  if (page.before !== undefined) query = query.where('id', '<', page.before);
  return query.execute();
}
