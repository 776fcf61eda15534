/** SQL of prices that are published as links. */
import { type Generated, type Selectable, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

type PriceLinkTables = {
  subscriptions_price_links: {
    link: string;
    name: string;
    package_id: string | null;
    plan_id: string | null;
    cycle: string | null;
    currency: string | null;
    status: 'active' | 'archived';
    sold: Generated<number>;
    created_at: Date;
  };
};

export type PriceLinkRow = Selectable<PriceLinkTables['subscriptions_price_links']>;

const tables = (executor: Executor) => executor.withTables<PriceLinkTables>();

export async function insertPriceLink(executor: Executor, row: PriceLinkRow): Promise<void> {
  await tables(executor).insertInto('subscriptions_price_links').values(row).execute();
}

export async function findPriceLink(
  executor: Executor,
  link: string,
): Promise<PriceLinkRow | undefined> {
  return tables(executor)
    .selectFrom('subscriptions_price_links')
    .selectAll()
    .where('link', '=', link)
    .executeTakeFirst();
}

/** Newest first; `before` is a link of an earlier page. */
export async function listPriceLinkRows(
  executor: Executor,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<PriceLinkRow[]> {
  let query = tables(executor)
    .selectFrom('subscriptions_price_links')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('link', 'desc')
    .limit(limit);
  if (before !== undefined) {
    query = query.where(
      sql<boolean>`(created_at, link) < (select created_at, link from subscriptions_price_links where link = ${before})`,
    );
  }
  return query.execute();
}

export async function changePriceLink(
  executor: Executor,
  link: string,
  changes: Partial<Pick<PriceLinkRow, 'name' | 'status'>>,
): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  await tables(executor)
    .updateTable('subscriptions_price_links')
    .set(changes)
    .where('link', '=', link)
    .execute();
}

export async function countSold(executor: Executor, link: string): Promise<void> {
  await tables(executor)
    .updateTable('subscriptions_price_links')
    .set({ sold: sql`sold + 1` })
    .where('link', '=', link)
    .execute();
}
