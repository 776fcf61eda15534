import * as endpoints from '@sluice/contract/metering';
import { invariant } from '../../platform/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { pageOf, readCursor, readTimes } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatQuantity } from '../../platform/quantity.ts';
import { meterUnknown } from '../catalog/index.ts';
import { type EventRow, listEvents } from './ingest-store.ts';
import { type Reporter, type Reporting, reportUsage } from './operations/report-usage.ts';

/** Serves the reporting of usage; what it needs of access is handed in, for access builds on metering. */
export function registerReporting(routes: Routes, reporting: Reporting): void {
  routes.serve(endpoints.reportUsage, async ({ context, caller, body }) => {
    const { events } = body;
    return {
      data: await reportUsage(context, reporting, { reporter: reporterOf(caller), events }),
    };
  });
  routes.serve(endpoints.listReportedEvents, async ({ context, organizationId, query }) => {
    const meter =
      query.meter === undefined ? undefined : reporting.meters.resolve(null, query.meter);
    if (query.meter !== undefined && !meter) throw meterUnknown(query.meter, 'meter');
    const rows = await listEvents(context.database, {
      organizationId,
      meterId: meter?.id,
      ...readTimes(query),
      before: placeOf(readCursor(query)),
      limit: query.limit + 1,
    });
    return pageOf(rows, query, cursorOf, (row) => present(row, reporting));
  });
}

/** The authorization table lets nobody else in. */
function reporterOf(caller: Caller): Reporter {
  if (caller.kind === 'application') {
    return { kind: 'application', applicationId: caller.applicationId };
  }
  invariant(caller.kind === 'api_key', 'a key reports usage');
  return { kind: 'api_key', apiKeyId: caller.apiKeyId, organizationId: caller.organizationId };
}

function cursorOf({ occurred_at, key }: EventRow): string {
  return `${occurred_at.toISOString()} ${key}`;
}

function placeOf(cursor: string | undefined): { occurredAt: Date; key: string } | undefined {
  const match = /^(\S+Z) ([0-9a-f-]{36})$/.exec(cursor ?? '');
  return match ? { occurredAt: new Date(match[1] ?? ''), key: match[2] ?? '' } : undefined;
}

function present(row: EventRow, { meters }: Reporting) {
  const meter = meters.byId(row.meter_id);
  invariant(meter, `meter ${row.meter_id} is in the book`);
  return {
    id: row.event_id,
    application: row.application_id === '' ? null : row.application_id,
    meter: meter.reference,
    unit: meter.unit,
    quantity: formatQuantity(row.quantity, meter.unit),
    value: row.value,
    api_key: row.api_key_id,
    member: row.user_id,
    cost_center: row.cost_center_id,
    tags: row.tags,
    properties: row.properties,
    time: row.occurred_at.toISOString(),
    received_at: row.received_at.toISOString(),
    superseded_by: row.superseded_by,
  };
}
