import { Readable } from 'node:stream';
import * as contract from '@sluice/contract/audit';
import type { QueryOf } from '@sluice/contract/endpoint';
import type { FastifyReply } from 'fastify';
import type { Context } from '../../platform/context.ts';
import { pageOf, readCursor, readTimes } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { isErased, parts } from './core/entry.ts';
import type { AuditQuestion } from './core/facets.ts';
import { type AuditExport, exportAuditLogs } from './operations/export-audit-logs.ts';
import { listAuditLogs, type NamedEntry, searchAuditLogs } from './operations/list-audit-logs.ts';
import type { People } from './people.ts';

export function registerAudit(routes: Routes, people: People): void {
  const present = (entry: NamedEntry) => presentEntry(entry, people);
  routes.serve(contract.listAuditLogs, async ({ context, organizationId, query }) => {
    const filter = { ...pageOfQuestion(context, query), organizationId };
    const entries = await listAuditLogs(context.database, people, filter);
    return pageOf(entries, query, (entry) => entry.id, present);
  });
  routes.serve(contract.searchAuditLogs, async ({ context, query }) => {
    const filter = { ...pageOfQuestion(context, query), organizationId: query.organization };
    const entries = await searchAuditLogs(context.database, people, filter);
    return pageOf(entries, query, (entry) => entry.id, present);
  });
  routes.serve(contract.exportAuditLogs, ({ context, organizationId, query, reply }) => {
    const question = { ...questionOf(query), organizationId };
    return sendExport(context, people, reply, { question, format: query.format, organizationId });
  });
  routes.serve(contract.exportAllAuditLogs, ({ context, query, reply }) => {
    const question = { ...questionOf(query), organizationId: query.organization };
    const { format } = query;
    return sendExport(context, people, reply, { question, format, organizationId: undefined });
  });
}

type Query = QueryOf<typeof contract.listAuditLogs>;

function pageOfQuestion({ clocks }: Context, query: Query) {
  return {
    ...questionOf(query),
    before: readCursor(query, 'aud'),
    limit: query.limit + 1,
    now: clocks.business(),
  };
}

function questionOf(query: Omit<Query, 'limit' | 'cursor'>): AuditQuestion {
  return {
    actor: query.actor,
    action: query.action,
    resource: query.resource,
    ip: query.ip,
    id: query.id,
    ...readTimes(query),
  };
}

const contentTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' };

/** A reader that is slow makes the next batch wait; one that goes away ends the reading. */
async function sendExport(
  context: Context,
  people: People,
  reply: FastifyReply,
  wanted: AuditExport,
): Promise<void> {
  const day = context.clocks.business().toISOString().slice(0, 10);
  const chunks = await exportAuditLogs(context, people, wanted);
  await reply
    .header('content-type', contentTypes[wanted.format])
    .header('content-disposition', `attachment; filename="audit-${day}.${wanted.format}"`)
    .header('cache-control', 'private, no-store')
    .send(Readable.from(chunks, { objectMode: false, highWaterMark: 64 * 1024 }));
}

function presentEntry(entry: NamedEntry, people: People) {
  return {
    id: entry.id,
    organization: entry.organizationId,
    actor: {
      kind: entry.actorKind,
      id: entry.actorId,
      name: entry.person?.name ?? null,
      email: entry.person?.email ?? null,
    },
    action: entry.action,
    resource: { kind: entry.resourceKind, id: entry.resourceId },
    old_values: entry.oldValues,
    new_values: entry.newValues,
    ip: entry.ip,
    user_agent: entry.userAgent,
    device: people.deviceOf(entry.userAgent),
    request_id: entry.requestId,
    erased: parts.filter((part) => isErased(entry, part)),
    position: entry.position.toString(),
    hash: entry.hash,
    created_at: entry.createdAt.toISOString(),
  };
}
