/** Lists of meters, features and plans; nothing is decided here. */
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { parseSortedCursor, parseVersionCursor } from '../core/cursor.ts';
import {
  presentFeature,
  presentMeter,
  presentPlan,
  presentPlanVersion,
} from '../core/present-plan.ts';
import { findFeature, findMeter, listFeatureRows, listMeterRows } from '../meters-store.ts';
import { findPlan, listPlanRows, listPlanVersionRows } from '../plans-store.ts';

type ListQuery = PageRequest & {
  application?: string | undefined;
  status?: 'active' | 'archived' | undefined;
};

export async function listMeters(context: Context, query: ListQuery) {
  const { application, status } = query;
  const page = { after: readCursor(query), limit: query.limit + 1 };
  const rows = await listMeterRows(context.database, { application, status, ...page });
  return pageOf(rows, query, ({ id }) => id, presentMeter);
}

/** @throws Refusal `not_found`. */
export async function getMeter(context: Context, id: string) {
  const meter = await findMeter(context.database, id);
  if (!meter) throw notFound('meter');
  return presentMeter(meter);
}

export async function listFeatures(context: Context, query: ListQuery) {
  const { application, status } = query;
  const page = { after: readCursor(query), limit: query.limit + 1 };
  const rows = await listFeatureRows(context.database, { application, status, ...page });
  return pageOf(rows, query, ({ id }) => id, presentFeature);
}

/** @throws Refusal `not_found`. */
export async function getFeature(context: Context, id: string) {
  const feature = await findFeature(context.database, id);
  if (!feature) throw notFound('feature');
  return presentFeature(feature);
}

export async function listPlans(
  context: Context,
  query: ListQuery & { offeredTo?: { organizationId: string | undefined } },
) {
  const { application, status, offeredTo } = query;
  const page = { after: parseSortedCursor(readCursor(query), 'pln'), limit: query.limit + 1 };
  const rows = await listPlanRows(context.database, { application, status, offeredTo, ...page });
  return pageOf(rows, query, (row) => `${row.sort_order} ${row.id}`, presentPlan);
}

/** @throws Refusal `not_found`. */
export async function getPlan(context: Context, id: string) {
  const row = await findPlan(context.database, id);
  if (!row) throw notFound('plan');
  return presentPlan(row);
}

/** @throws Refusal `not_found`. */
export async function listPlanVersions(context: Context, id: string, query: PageRequest) {
  const plan = await findPlan(context.database, id);
  if (!plan) throw notFound('plan');
  const rows = await listPlanVersionRows(context.database, {
    planId: plan.id,
    before: parseVersionCursor(readCursor(query)),
    limit: query.limit + 1,
  });
  return pageOf(rows, query, ({ version }) => String(version), presentPlanVersion);
}
