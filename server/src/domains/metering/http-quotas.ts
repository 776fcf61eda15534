import type { Limit } from '@sluice/contract/limits';
import * as endpoints from '@sluice/contract/quotas';
import { invariant } from '../../platform/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { pageOf, readCursor, readTimes } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatQuantity } from '../../platform/quantity.ts';
import { costMeterId, type Meter, type MeterBook } from '../catalog/index.ts';
import {
  listOpenQuotas,
  listViolations,
  type QuotaRow,
  type QuotaView,
  type ViolationRow,
} from './quotas-store.ts';

/** Serves quotas as they stand, and the times that they were passed. */
export function serveQuotas(routes: Routes, meters: MeterBook): void {
  const meterOf = (id: string): Meter => {
    const meter = meters.byId(id);
    invariant(meter, `meter ${id} is in the book`);
    return meter;
  };
  routes.serve(endpoints.listQuotas, async ({ context, caller, organizationId, query }) => {
    const rows = await listOpenQuotas(context.database, {
      organizationId,
      view: viewOf(caller),
      at: context.clocks.business(),
      after: readCursor(query),
      limit: query.limit + 1,
    });
    return pageOf(rows, query, cursorOf, (row) => presentQuota(row, meterOf(row.meter_id)));
  });
  routes.serve(
    endpoints.listQuotaViolations,
    async ({ context, caller, organizationId, query }) => {
      const rows = await listViolations(context.database, {
        organizationId,
        view: viewOf(caller),
        before: readCursor(query),
        limit: query.limit + 1,
      });
      return pageOf(rows, query, cursorOf, (row) => presentViolation(row, meterOf(row.meter_id)));
    },
  );
  routes.serve(endpoints.searchQuotaViolations, async ({ context, query }) => {
    const rows = await listViolations(context.database, {
      organizationId: query.organization,
      view: { all: true },
      ...readTimes(query),
      before: readCursor(query),
      limit: query.limit + 1,
    });
    return pageOf(rows, query, cursorOf, (row) => presentViolation(row, meterOf(row.meter_id)));
  });
}

const cursorOf = ({ id }: { id: string }) => id;

/** Members see the organization's quotas and their own; who answers for the organization sees all. */
function viewOf(caller: Caller): QuotaView {
  if (caller.kind === 'api_key') {
    return { all: false, subjectKind: 'api_key', subjectId: caller.apiKeyId };
  }
  if (caller.kind === 'user' && !caller.permissions.includes('usage.read_members')) {
    return { all: false, subjectKind: 'member', subjectId: caller.userId };
  }
  return { all: true };
}

function presentQuota(row: QuotaRow, meter: Meter): Limit {
  const write = (quantity: bigint) => formatQuantity(quantity, meter.unit);
  const { limit_amount: limit, used, reserved } = row;
  const left = limit === null ? null : limit - used - reserved;
  const isSpendCap = row.meter_id === costMeterId && row.subject_kind !== 'organization';
  return {
    kind: isSpendCap ? 'spend_cap' : 'quota',
    quota: row.id,
    meter: meter.reference,
    unit: meter.unit,
    window: row.window,
    subject: { kind: row.subject_kind, id: row.subject_id },
    limit: limit === null ? null : write(limit),
    used: write(used),
    reserved: write(reserved),
    remaining: left === null ? null : write(left > 0n ? left : 0n),
    resets_at: row.resets_at?.toISOString() ?? null,
    hard: row.is_hard,
  };
}

function presentViolation(row: ViolationRow, meter: Meter) {
  const write = (quantity: bigint) => formatQuantity(quantity, meter.unit);
  return {
    id: row.id,
    organization: row.organization_id,
    quota: row.quota_id,
    subject: { kind: row.subject_kind, id: row.subject_id },
    meter: meter.reference,
    unit: meter.unit,
    window: row.window,
    limit: write(row.limit_amount),
    used: write(row.used),
    requested: write(row.requested),
    hard: row.is_hard,
    occurred_at: row.occurred_at.toISOString(),
    resets_at: row.resets_at?.toISOString() ?? null,
  };
}
