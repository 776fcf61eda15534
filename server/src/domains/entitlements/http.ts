import * as endpoints from '@sluice/contract/entitlements';
import { setSpendCaps as setSpendCapsEndpoint } from '@sluice/contract/spend-caps';
import { type Context, inTransaction } from '../../platform/context.ts';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { dayOf } from '../../platform/time.ts';
import { findOrganization, requireActing } from '../identity/index.ts';
import { presentDailyUsage } from './core/present.ts';
import { capSubject } from './operations/cap-subject.ts';
import { endPlan, givePlan } from './operations/give-plan.ts';
import { listDailyUsage } from './operations/list-daily-usage.ts';
import { listQuotas } from './operations/list-quotas.ts';
import { readPlan } from './operations/read-plan.ts';
import { listFeatures, setFeatures } from './operations/set-features.ts';
import { removeOverride, setOverride } from './operations/set-override.ts';
import { presentOrganizationPlan, presentOrganizationQuota } from './present-quota.ts';
import type { TermsBook } from './terms-book.ts';

export function registerEntitlements(routes: Routes, terms: TermsBook): void {
  serveDailyUsage(routes);
  servePlan(routes, terms);
  serveQuotas(routes);
  serveFeatures(routes, terms);
  serveSpendCaps(routes);
}

function serveDailyUsage(routes: Routes): void {
  routes.serve(endpoints.listDailyUsage, async ({ context, organizationId, query }) => {
    const { timeZone } = await requireOrganization(context, organizationId);
    const at = context.clocks.business();
    const usage = await listDailyUsage(context.database, organizationId, at);
    const after = readCursor(query);
    const start = usage.findIndex(({ organizationPackageId }) => organizationPackageId === after);
    const date = dayOf(at, timeZone);
    return pageOf(
      usage.slice(start + 1),
      query,
      ({ organizationPackageId }) => organizationPackageId,
      (item) => presentDailyUsage(item, date),
    );
  });
}

function servePlan(routes: Routes, terms: TermsBook): void {
  routes.serve(endpoints.getOrganizationPlan, async ({ context, params }) => {
    await requireOrganization(context, params.id);
    const plan = await readPlan(context, params.id);
    return { plan: plan ? presentOrganizationPlan(plan) : null };
  });
  routes.serve(endpoints.givePlan, async ({ context, params, body }) => {
    await requireOrganization(context, params.id);
    const given = await inTransaction(context, (transaction) =>
      givePlan(context, transaction, {
        organizationId: params.id,
        planId: body.plan,
        startsAt: body.starts_at ? new Date(body.starts_at) : context.clocks.business(),
        endsAt: body.ends_at ? new Date(body.ends_at) : null,
      }),
    );
    terms.forget(params.id);
    return presentOrganizationPlan(given);
  });
  routes.serve(endpoints.endPlan, async ({ context, params }) => {
    await requireOrganization(context, params.id);
    await endPlan(context, params.id);
    terms.forget(params.id);
  });
}

function serveQuotas(routes: Routes): void {
  routes.serve(endpoints.listOrganizationQuotas, async ({ context, params, query }) => {
    await requireOrganization(context, params.id);
    const rows = await listQuotas(context.database, {
      organizationId: params.id,
      after: readCursor(query),
      limit: query.limit + 1,
      at: context.clocks.business(),
    });
    return pageOf(rows, query, ({ id }) => id, presentOrganizationQuota);
  });
  routes.serve(endpoints.setQuotaOverride, async ({ context, params, body }) => {
    await requireOrganization(context, params.id);
    const quota = await setOverride(context, { ...body, organizationId: params.id });
    return presentOrganizationQuota(quota);
  });
  routes.serve(endpoints.removeQuotaOverride, async ({ context, params, query }) => {
    await requireOrganization(context, params.id);
    await removeOverride(context, { organizationId: params.id, quotaId: query.quota });
  });
}

function serveFeatures(routes: Routes, terms: TermsBook): void {
  routes.serve(endpoints.getOrganizationFeatures, async ({ context, params }) => {
    await requireOrganization(context, params.id);
    const at = context.clocks.business();
    return { data: await listFeatures(context.database, { organizationId: params.id, at }) };
  });
  routes.serve(endpoints.setOrganizationFeatures, async ({ context, params, body }) => {
    await requireOrganization(context, params.id);
    const data = await setFeatures(context, { organizationId: params.id, features: body.features });
    terms.forget(params.id);
    return { data };
  });
}

function serveSpendCaps(routes: Routes): void {
  routes.serve(setSpendCapsEndpoint, async (call) => {
    const { subject, ...caps } = call.body;
    await capSubject(call.context, { organizationId: requireActing(call), subject, caps });
  });
}

/** @throws Refusal `not_found`. */
async function requireOrganization(context: Context, id: string) {
  const organization = await findOrganization(context.database, id);
  if (!organization) throw notFound('organization');
  return organization;
}
