import type { searchOrganizations as endpoint } from '@sluice/contract/customers';
import type { QueryOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { type Page, pageOf, readCursor, readTimes } from '../../../platform/http/pages.ts';
import { findOrganizationsOnPlan } from '../../entitlements/index.ts';
import { findOrganizations, presentOrganization } from '../../identity/index.ts';
import { findFlaggedOrganizations } from '../../risk/index.ts';

type View = ReturnType<typeof presentOrganization>;
type Query = QueryOf<typeof endpoint>;

/** So many organizations of a plan are looked through at a time, and so often for one page. */
const stride = 500;
const stridesMax = 40;

/** Organizations on this deployment, the newest first. */
export async function searchOrganizations(context: Context, query: Query): Promise<Page<View>> {
  const { database } = context;
  const created = readTimes(query);
  const search = {
    q: query.q || undefined,
    status: query.status,
    createdFrom: created.from,
    createdTo: created.to,
    limit: query.limit + 1,
  };
  const before = readCursor(query);
  if (query.plan === undefined && query.flag === undefined) {
    const found = await findOrganizations(database, { ...search, before });
    return pageOf(found, query, ({ id }) => id, presentOrganization);
  }
  return searchElsewhere(context, { ...search, before }, query);
}

/**
 * Who has a plan or a flag another domain knows: its customers are taken in strides, each narrowed to what else was
 * asked.
 */
async function searchElsewhere(
  context: Context,
  search: Parameters<typeof findOrganizations>[1],
  query: Query,
): Promise<Page<View>> {
  const found: Awaited<ReturnType<typeof findOrganizations>> = [];
  let before = search.before;
  for (let count = 0; count < stridesMax; count += 1) {
    const taken = await takeStride(context, query, before);
    const among = await narrowToPlan(context, query, taken);
    const limit = search.limit - found.length;
    found.push(...(await findOrganizations(context.database, { ...search, among, limit })));
    before = taken.at(-1);
    if (taken.length < stride || found.length >= search.limit) {
      return pageOf(found, query, ({ id }) => id, presentOrganization);
    }
  }
  // Too many that do not match: the next page goes on behind the last one looked at.
  return {
    data: found.map(presentOrganization),
    next_cursor: before === undefined ? null : Buffer.from(before).toString('base64url'),
  };
}

/** The next ids of those who are flagged, or of those who have the plan. */
function takeStride(
  { database, clocks }: Context,
  { flag, plan }: Query,
  before: string | undefined,
): Promise<string[]> {
  if (flag !== undefined) {
    const state = flag === 'any' ? null : flag;
    return findFlaggedOrganizations(database, { state, before, limit: stride });
  }
  const asked = { planId: plan ?? '', now: clocks.business(), before, limit: stride };
  return findOrganizationsOnPlan(database, asked);
}

async function narrowToPlan(
  { database, clocks }: Context,
  { flag, plan }: Query,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (flag === undefined || plan === undefined) return ids;
  const asked = { planId: plan, now: clocks.business(), among: ids, limit: stride };
  return findOrganizationsOnPlan(database, asked);
}
