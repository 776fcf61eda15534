import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type GrantBalance, listGrantRows } from '../grants-store.ts';
import { findFunds } from '../store.ts';

/**
 * An organization's grants, newest first, with what is left of each.
 * @throws Refusal `not_found`.
 */
export async function listGrants(
  { database, clocks }: Context,
  organizationId: string,
  page: { before: string | undefined; limit: number },
): Promise<GrantBalance[]> {
  if (!(await findFunds(database, organizationId))) throw notFound('organization');
  return listGrantRows(database, { organizationId, at: clocks.business(), ...page });
}
