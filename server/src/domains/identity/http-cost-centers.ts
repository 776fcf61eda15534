import * as contract from '@sluice/contract/cost-centers';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import {
  assignMember,
  createCostCenter,
  updateCostCenter,
} from './operations/change-cost-centers.ts';
import { presentCostCenter } from './present.ts';
import { findCostCenters } from './store/cost-centers.ts';

/** Cost centers of the acting organization, and which of them members are booked under. */
export function registerCostCenters(routes: Routes): void {
  routes.serve(contract.listCostCenters, async (call) => {
    const { context, query } = call;
    const centers = await findCostCenters(context.database, {
      organizationId: requireActing(call),
      withArchived: query.archived === 'true',
      after: readCursor(query),
      limit: query.limit + 1,
    });
    return pageOf(centers, query, ({ id }) => id, presentCostCenter);
  });
  routes.serve(contract.createCostCenter, async (call) => {
    const organizationId = requireActing(call);
    return presentCostCenter(
      await createCostCenter(call.context, { organizationId, ...call.body }),
    );
  });
  routes.serve(contract.updateCostCenter, async (call) => {
    const { context, params, body } = call;
    const { code, name, archived: isArchived } = body;
    const center = { id: params.cost_center, organizationId: requireActing(call) };
    return presentCostCenter(
      await updateCostCenter(context, { ...center, code, name, isArchived }),
    );
  });
  routes.serve(contract.assignMember, async (call) => {
    await assignMember(call.context, {
      organizationId: requireActing(call),
      userId: call.params.user_id,
      costCenterId: call.body.cost_center,
    });
  });
}

/**
 * The path names the acting organization, for the caller's role was judged in that.
 * @throws Refusal `not_found` for any other.
 */
export function requireActing(call: { organizationId: string; params: { id: string } }): string {
  if (call.params.id !== call.organizationId) throw notFound('organization');
  return call.organizationId;
}
