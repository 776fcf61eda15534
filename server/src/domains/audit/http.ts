import * as contract from '@sluice/contract/audit';
import type { QueryOf } from '@sluice/contract/endpoint';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { ChainedEntry } from './core/entry.ts';
import { listAuditLogs, searchAuditLogs } from './operations/list-audit-logs.ts';

export function registerAudit(routes: Routes): void {
  routes.serve(contract.listAuditLogs, async ({ context, organizationId, query }) => {
    const filter = { ...filterOf(query), organizationId };
    const entries = await listAuditLogs(context.database, filter);
    return pageOf(entries, query, (entry) => entry.id, present);
  });
  routes.serve(contract.searchAuditLogs, async ({ context, query }) => {
    const filter = { ...filterOf(query), organizationId: query.organization };
    const entries = await searchAuditLogs(context.database, filter);
    return pageOf(entries, query, (entry) => entry.id, present);
  });
}

function filterOf(query: QueryOf<typeof contract.listAuditLogs>) {
  return {
    actor: query.actor,
    action: query.action,
    resource: query.resource,
    from: query.from === undefined ? undefined : new Date(query.from),
    to: query.to === undefined ? undefined : new Date(query.to),
    before: readCursor(query),
    limit: query.limit + 1,
  };
}

function present(entry: ChainedEntry) {
  return {
    id: entry.id,
    organization: entry.organizationId,
    actor: { kind: entry.actorKind, id: entry.actorId },
    action: entry.action,
    resource: { kind: entry.resourceKind, id: entry.resourceId },
    old_values: entry.oldValues,
    new_values: entry.newValues,
    ip: entry.ip,
    user_agent: entry.userAgent,
    created_at: entry.createdAt.toISOString(),
  };
}
