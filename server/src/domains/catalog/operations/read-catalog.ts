/** Lists for customers and operators; nothing is decided here. */
import type { Context } from '../../../platform/context.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { parseSortedCursor } from '../core/cursor.ts';
import { presentModelPrice, presentPackage } from '../core/present.ts';
import { findPackage, listPackageRows, listPriceRows } from '../store.ts';

export async function listPackages(
  context: Context,
  query: PageRequest & { status?: 'active' | 'archived' | undefined },
) {
  const rows = await listPackageRows(context.database, {
    status: query.status,
    after: parseSortedCursor(readCursor(query), 'pkg'),
    limit: query.limit + 1,
  });
  return pageOf(
    rows,
    query,
    (row) => `${row.sort_order} ${row.id}`,
    (row) => presentPackage(row, context.config.usageCurrency),
  );
}

export async function readPackage(context: Context, id: string) {
  return findPackage(context.database, id);
}

/** Every version of one model, newest first. */
export async function listPriceVersions(context: Context, model: string, query: PageRequest) {
  const rows = await listPriceRows(context.database, {
    model,
    before: readCursor(query),
    limit: query.limit + 1,
  });
  return pageOf(rows, query, (price) => price.id, presentModelPrice);
}
