/** Lists for customers and operators; nothing is decided here. */
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { presentModelPrice, presentPackage } from '../core/present.ts';
import { findPackage, listPackageRows, listPriceRows, type PackageCursor } from '../store.ts';

export async function listPackages(
  context: Context,
  query: PageRequest & { status?: 'active' | 'archived' | undefined },
) {
  const rows = await listPackageRows(context.database, {
    status: query.status,
    after: parsePackageCursor(readCursor(query)),
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

function parsePackageCursor(text: string | undefined): PackageCursor | undefined {
  if (text === undefined) return undefined;
  const [, sortOrder, id] = /^(-?\d{1,9}) (pkg_\w+)$/.exec(text) ?? [];
  if (sortOrder === undefined || id === undefined) {
    throw new Refusal('malformed', 'Pass the cursor as a list answered it, or leave it out.', {
      param: 'cursor',
    });
  }
  return { sortOrder: Number(sortOrder), id };
}
