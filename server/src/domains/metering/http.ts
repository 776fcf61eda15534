import * as endpoints from '@sluice/contract/metering';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { MeterBook } from '../catalog/index.ts';
import { serveQuotas } from './http-quotas.ts';
import { serveSpendCaps } from './http-spend-caps.ts';
import { serveUsage } from './http-usage.ts';
import { findReceipt, listReceipts, type ReceiptRecord } from './operations/read-receipts.ts';
import { presentReceipt } from './present-receipt.ts';

/** Serves receipts, sums of usage, and quotas as they stand. */
export function registerMetering(routes: Routes, meters: MeterBook): void {
  serveReceipts(routes);
  serveInspection(routes);
  serveUsage(routes, meters);
  serveQuotas(routes, meters);
  serveSpendCaps(routes);
}

function serveReceipts(routes: Routes): void {
  routes.serve(endpoints.listReceipts, async ({ context, organizationId, query }) => {
    const records = await listReceipts(context.database, { organizationId, ...filterOf(query) });
    return pageOf(records, query, ({ usage }) => usage.request_id, presentReceipt);
  });
  routes.serve(endpoints.getReceipt, async ({ context, organizationId, params }) => {
    const record = await findReceipt(context.database, params.request_id, organizationId);
    if (!record) throw notFound('call', 'request_id');
    return presentReceipt(record);
  });
}

function serveInspection(routes: Routes): void {
  routes.serve(endpoints.searchReceipts, async ({ context, query }) => {
    const filter = { organizationId: query.organization, ...filterOf(query) };
    const records = await listReceipts(context.database, filter);
    return pageOf(records, query, ({ usage }) => usage.request_id, presentToOperator);
  });
  routes.serve(endpoints.inspectReceipt, async ({ context, params }) => {
    const record = await findReceipt(context.database, params.request_id);
    if (!record) throw notFound('call', 'request_id');
    return presentToOperator(record);
  });
}

function filterOf(query: {
  from?: string | undefined;
  to?: string | undefined;
  model?: string | undefined;
  api_key?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}) {
  return {
    from: query.from === undefined ? undefined : new Date(query.from),
    to: query.to === undefined ? undefined : new Date(query.to),
    model: query.model,
    apiKeyId: query.api_key,
    before: readCursor(query),
    limit: query.limit + 1,
  };
}

function presentToOperator(record: ReceiptRecord) {
  const { organization_id, channel_id } = record.usage;
  return { ...presentReceipt(record), organization: organization_id, channel: channel_id };
}
