import type { searchOrganizations as endpoint } from '@sluice/contract/customers';
import type { QueryOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { findOrganizationsOnPlan } from '../../entitlements/index.ts';
import { findOrganizations, presentOrganization } from '../../identity/index.ts';

type View = ReturnType<typeof presentOrganization>;

/** So many organizations of a plan are looked through at a time, and so often for one page. */
const stride = 500;
const stridesMax = 40;

/** Organizations on this deployment, the newest first. */
export async function searchOrganizations(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<Page<View>> {
  const { database } = context;
  const search = {
    q: query.q || undefined,
    status: query.status,
    createdFrom: query.from === undefined ? undefined : new Date(query.from),
    createdTo: query.to === undefined ? undefined : new Date(query.to),
    limit: query.limit + 1,
  };
  const before = readCursor(query);
  if (query.plan === undefined) {
    const found = await findOrganizations(database, { ...search, before });
    return pageOf(found, query, ({ id }) => id, presentOrganization);
  }
  return searchOnPlan(context, { ...search, before }, { ...query, plan: query.plan });
}

/** Who has a plan another domain knows: its customers are taken in strides, each narrowed to what else was asked. */
async function searchOnPlan(
  { database, clocks }: Context,
  search: Parameters<typeof findOrganizations>[1],
  query: QueryOf<typeof endpoint> & { plan: string },
): Promise<Page<View>> {
  const found: Awaited<ReturnType<typeof findOrganizations>> = [];
  let before = search.before;
  for (let count = 0; count < stridesMax; count += 1) {
    const ids = await findOrganizationsOnPlan(database, {
      planId: query.plan,
      now: clocks.business(),
      before,
      limit: stride,
    });
    const limit = search.limit - found.length;
    found.push(...(await findOrganizations(database, { ...search, among: ids, limit })));
    before = ids.at(-1);
    if (ids.length < stride || found.length >= search.limit) {
      return pageOf(found, query, ({ id }) => id, presentOrganization);
    }
  }
  // Too many that do not match: the next page goes on behind the last one looked at.
  return {
    data: found.map(presentOrganization),
    next_cursor: before === undefined ? null : Buffer.from(before).toString('base64url'),
  };
}
