import * as endpoints from '@sluice/contract/metering';
import { notFound, Refusal } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatMoney } from '../../platform/money.ts';
import { startOfDay, startOfNextDay } from '../../platform/time.ts';
import { findOrganization } from '../identity/index.ts';
import { findReceipt, listReceipts, type ReceiptRecord } from './operations/read-receipts.ts';
import { sumUsage, type UsagePoint } from './operations/sum-usage.ts';
import { presentReceipt } from './present-receipt.ts';

export function registerMetering(routes: Routes): void {
  serveReceipts(routes);
  serveInspection(routes);
  serveUsage(routes);
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

const daysShown = 30;
const daysMax = 366;
const dayMs = 86_400_000;

function serveUsage(routes: Routes): void {
  routes.serve(endpoints.getUsage, async ({ context, organizationId, query }) => {
    const organization = await findOrganization(context.database, organizationId);
    if (!organization) throw notFound('organization');
    const { timeZone } = organization;
    const now = context.clocks.business();
    const to = query.to === undefined ? startOfNextDay(now, timeZone) : new Date(query.to);
    const from =
      query.from === undefined
        ? startOfDay(new Date(to.getTime() - daysShown * dayMs), timeZone)
        : new Date(query.from);
    if (from >= to || to.getTime() - from.getTime() > daysMax * dayMs) {
      throw new Refusal('rule_violated', `Ask for a period of at most ${daysMax} days.`, {
        param: 'from',
      });
    }
    const groups = query.group_by?.split(',') ?? [];
    const byModel = groups.includes('model');
    const byApiKey = groups.includes('api_key');
    const { interval } = query;
    const points = await sumUsage(context.database, {
      organizationId,
      from,
      to,
      interval,
      timeZone,
      byModel,
      byApiKey,
    });
    return { data: points.map(presentPoint), next_cursor: null };
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

function presentPoint(point: UsagePoint) {
  const group: Record<string, string> = {};
  if (point.model !== null) group.model = point.model;
  if (point.api_key_id !== null) group.api_key = point.api_key_id;
  return {
    from: point.starts_at.toISOString(),
    to: point.ends_at.toISOString(),
    group,
    calls: Number(point.calls),
    input_tokens: Number(point.input_tokens),
    output_tokens: Number(point.output_tokens),
    amount: formatMoney({ amount: point.amount, currency: point.currency }),
    currency: point.currency,
  };
}
