import type { AnswerOf } from '@sluice/contract/endpoint';
import * as contract from '@sluice/contract/spend-caps';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatMoney } from '../../platform/money.ts';
import { findAssignedMembers, findCostCenters, requireActing } from '../identity/index.ts';
import { type CapRow, listCaps } from './quotas-store.ts';

type View = AnswerOf<typeof contract.listSpendCaps>['data'][number];

/** A member or a cost center, as the list names it. */
interface Capped {
  id: string;
  name: string;
  detail: string;
  costCenter: string | null;
}

/** Serves what members and cost centers may spend, with what they have spent. */
export function serveSpendCaps(routes: Routes): void {
  routes.serve(contract.listSpendCaps, async (call) => {
    const { context, query } = call;
    const organizationId = requireActing(call);
    const page = { organizationId, after: readCursor(query), limit: query.limit + 1 };
    const subjects: Capped[] =
      query.kind === 'member'
        ? (await findAssignedMembers(context.database, page)).map((member) => ({
            id: member.userId,
            name: member.name ?? member.email,
            detail: member.email,
            costCenter: member.costCenterId,
          }))
        : (await findCostCenters(context.database, { ...page, withArchived: false })).map(
            ({ id, name, code }) => ({ id, name, detail: code, costCenter: null }),
          );
    const caps = await listCaps(context.database, {
      organizationId,
      subjectKind: query.kind,
      subjectIds: subjects.map(({ id }) => id),
      at: context.clocks.business(),
    });
    const { usageCurrency: currency } = context.config;
    return pageOf(
      subjects,
      query,
      ({ id }) => id,
      (subject) =>
        present(subject, { kind: query.kind, currency, caps: caps.get(subject.id) ?? [] }),
    );
  });
}

function present(
  { id, name, detail, costCenter }: Capped,
  { kind, currency, caps }: { kind: 'member' | 'cost_center'; currency: string; caps: CapRow[] },
): View {
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  const capOf = (window: CapRow['window']) => {
    const cap = caps.find((one) => one.window === window);
    if (!cap) return null;
    const left = cap.cap - cap.used - cap.reserved;
    return {
      limit: wire(cap.cap),
      used: wire(cap.used),
      reserved: wire(cap.reserved),
      remaining: wire(left > 0n ? left : 0n),
      resets_at: cap.resets_at?.toISOString() ?? null,
    };
  };
  return {
    subject: { kind, id },
    ...{ name, detail, currency, cost_center: costCenter },
    ...{ day: capOf('day'), month: capOf('month'), total: capOf('lifetime') },
  };
}
