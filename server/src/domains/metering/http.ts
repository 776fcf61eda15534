import { Readable } from 'node:stream';
import type { QueryOf } from '@sluice/contract/endpoint';
import * as endpoints from '@sluice/contract/receipts';
import * as reratings from '@sluice/contract/reratings';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor, readTimes, writeCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { parseAmount } from '../../platform/money.ts';
import type { MeterBook } from '../catalog/index.ts';
import { serveExports } from './http-exports.ts';
import { serveQuotas } from './http-quotas.ts';
import { serveSpendCaps } from './http-spend-caps.ts';
import { requireSplitAllowed, serveUsage } from './http-usage.ts';
import { exportReceipts } from './operations/export-receipts.ts';
import { findReceipt, listReceiptPage, type ReceiptRecord } from './operations/read-receipts.ts';
import { rerateModel } from './operations/rerate-model.ts';
import { presentReceipt, presentToOperator } from './present-receipt.ts';

/** Serves receipts, sums of usage, and quotas as they stand. */
export function registerMetering(routes: Routes, meters: MeterBook): void {
  serveReceipts(routes);
  serveInspection(routes);
  serveExports(routes);
  serveUsage(routes, meters);
  serveQuotas(routes, meters);
  serveSpendCaps(routes);
}

function serveReceipts(routes: Routes): void {
  routes.serve(endpoints.listReceipts, async ({ context, caller, organizationId, query }) => {
    requireSplitAllowed(caller, query);
    const filter = { organizationId, ...pageFilterOf(query) };
    return receiptPage(await listReceiptPage(context.database, filter), query, presentReceipt);
  });
  routes.serve(endpoints.exportReceipts, async (call) => {
    const { context, caller, organizationId, query, reply } = call;
    requireSplitAllowed(caller, query);
    const filter = { organizationId, ...filterOf(query), requestId: query.request_id };
    const day = context.clocks.business().toISOString().slice(0, 10);
    const lines = exportReceipts(context, filter, query.format);
    await reply
      .header('content-type', contentTypes[query.format])
      .header('content-disposition', `attachment; filename="receipts-${day}.${query.format}"`)
      .header('cache-control', 'private, no-store')
      .send(Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 }));
  });
  routes.serve(endpoints.getReceipt, async ({ context, organizationId, params }) => {
    const record = await findReceipt(context.database, params.request_id, organizationId);
    if (!record) throw notFound('call', 'request_id');
    return presentReceipt(record);
  });
}

const contentTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' };

function serveInspection(routes: Routes): void {
  routes.serve(reratings.rerateModel, ({ context, body }) => rerateModel(context, body));
  routes.serve(endpoints.searchReceipts, async ({ context, query }) => {
    const filter = { organizationId: query.organization, ...pageFilterOf(query) };
    return receiptPage(await listReceiptPage(context.database, filter), query, presentToOperator);
  });
  routes.serve(endpoints.inspectReceipt, async ({ context, params }) => {
    const record = await findReceipt(context.database, params.request_id);
    if (!record) throw notFound('call', 'request_id');
    return presentToOperator(record);
  });
}

function receiptPage<T>(
  { records, resumeBefore }: Awaited<ReturnType<typeof listReceiptPage>>,
  query: Query,
  present: (record: ReceiptRecord) => T,
) {
  const page = pageOf(records, query, ({ usage }) => usage.request_id, present);
  return resumeBefore === undefined ? page : { ...page, next_cursor: writeCursor(resumeBefore) };
}

type Query = QueryOf<typeof endpoints.listReceipts>;

function pageFilterOf(query: Query) {
  return { ...filterOf(query), before: readCursor(query), limit: query.limit + 1 };
}

function filterOf(query: Omit<Query, 'limit' | 'cursor'>) {
  return {
    ...readTimes(query),
    model: query.model,
    apiKeyId: query.api_key,
    userId: query.member,
    costCenterId: query.cost_center,
    outcome: query.outcome,
    amountMin:
      query.amount_min === undefined ? undefined : parseAmount(query.amount_min, 'amount_min'),
    tag: query.tag,
  };
}
