import * as templateEndpoints from '@sluice/contract/application-templates';
import * as endpoints from '@sluice/contract/catalog';
import * as couponEndpoints from '@sluice/contract/coupons';
import * as meterEndpoints from '@sluice/contract/meters';
import * as planEndpoints from '@sluice/contract/plans';
import * as updateEndpoints from '@sluice/contract/price-updates';
import { notFound, Refusal } from '../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { presentCoupon } from './core/coupon.ts';
import type { ModelPrice } from './core/model-price.ts';
import { multiplyPrice } from './core/multiply-price.ts';
import { presentModelPrice, presentOfferedModel, presentPackage } from './core/present.ts';
import { presentFeature, presentMeter, presentPlan } from './core/present-plan.ts';
import { vendorOf } from './core/vendor.ts';
import { serveModelGroups } from './http-groups.ts';
import type { MeterBook } from './meter-book.ts';
import { createCoupon, updateCoupon } from './operations/create-coupon.ts';
import { createFeature, updateFeature } from './operations/create-feature.ts';
import { createMeter, updateMeter } from './operations/create-meter.ts';
import { createModelPrice } from './operations/create-model-price.ts';
import { createPackage } from './operations/create-package.ts';
import { createPlan, deletePlan, updatePlan } from './operations/create-plan.ts';
import { acceptPriceUpdates, refusePriceUpdates } from './operations/decide-price-updates.ts';
import { deletePackage } from './operations/delete-package.ts';
import { listPackages, listPriceVersions, readPackage } from './operations/read-catalog.ts';
import * as coupons from './operations/read-coupons.ts';
import * as lists from './operations/read-plans.ts';
import { readTemplates } from './operations/read-templates.ts';
import { registerTemplate } from './operations/register-template.ts';
import { updatePackage } from './operations/update-package.ts';
import type { PriceBook } from './price-book.ts';

/** Serves all that is sold and counted; `callable` tells which models can be called now. */
export function registerCatalog(
  routes: Routes,
  { prices, meters }: { prices: PriceBook; meters: MeterBook },
  callable: () => ReadonlySet<string>,
): void {
  serveMeters(routes, meters);
  serveFeatures(routes);
  servePlans(routes);
  serveCoupons(routes);
  serveTemplates(routes, meters);
  servePackages(routes);
  servePrices(routes, prices, callable);
  servePriceUpdates(routes, prices);
  serveModelGroups(routes, prices.groups);
}

function serveMeters(routes: Routes, meters: MeterBook): void {
  routes.serve(meterEndpoints.listMeters, ({ context, query }) => lists.listMeters(context, query));
  routes.serve(meterEndpoints.getMeter, ({ context, params }) =>
    lists.getMeter(context, params.id),
  );
  routes.serve(meterEndpoints.createMeter, async ({ context, body }) => {
    const meter = await createMeter(context, body);
    await meters.load();
    return presentMeter(meter);
  });
  routes.serve(meterEndpoints.updateMeter, async ({ context, params, body }) => {
    const meter = await updateMeter(context, params.id, body);
    await meters.load();
    return presentMeter(meter);
  });
}

function serveFeatures(routes: Routes): void {
  routes.serve(meterEndpoints.listFeatures, ({ context, query }) =>
    lists.listFeatures(context, query),
  );
  routes.serve(meterEndpoints.getFeature, ({ context, params }) =>
    lists.getFeature(context, params.id),
  );
  routes.serve(meterEndpoints.createFeature, async ({ context, body }) =>
    presentFeature(await createFeature(context, body)),
  );
  routes.serve(meterEndpoints.updateFeature, async ({ context, params, body }) =>
    presentFeature(await updateFeature(context, params.id, body)),
  );
}

function servePlans(routes: Routes): void {
  routes.serve(planEndpoints.listPlans, ({ context, caller, query }) => {
    const organizationId = 'organizationId' in caller ? caller.organizationId : undefined;
    return lists.listPlans(context, { ...query, status: 'active', offeredTo: { organizationId } });
  });
  routes.serve(planEndpoints.searchPlans, ({ context, query }) => lists.listPlans(context, query));
  routes.serve(planEndpoints.getPlan, ({ context, params }) => lists.getPlan(context, params.id));
  routes.serve(planEndpoints.listPlanVersions, ({ context, params, query }) =>
    lists.listPlanVersions(context, params.id, query),
  );
  routes.serve(planEndpoints.createPlan, async ({ context, body }) =>
    presentPlan(await createPlan(context, body)),
  );
  routes.serve(planEndpoints.updatePlan, async ({ context, params, body }) =>
    presentPlan(await updatePlan(context, params.id, body)),
  );
  routes.serve(planEndpoints.deletePlan, ({ context, params }) => deletePlan(context, params.id));
}

function serveCoupons(routes: Routes): void {
  routes.serve(couponEndpoints.searchCoupons, ({ context, query }) =>
    coupons.listCoupons(context, query),
  );
  routes.serve(couponEndpoints.getCoupon, ({ context, params }) =>
    coupons.getCoupon(context, params.id),
  );
  routes.serve(couponEndpoints.listCouponRedemptions, ({ context, params, query }) =>
    coupons.listRedemptions(context, params.id, query),
  );
  routes.serve(couponEndpoints.createCoupon, async ({ context, body }) =>
    presentCoupon(await createCoupon(context, body)),
  );
  routes.serve(couponEndpoints.updateCoupon, async ({ context, params, body }) =>
    presentCoupon(await updateCoupon(context, params.id, body)),
  );
}

function serveTemplates(routes: Routes, meters: MeterBook): void {
  routes.serve(templateEndpoints.registerApplication, async ({ context, body, query }) => {
    const summary = await registerTemplate(context, {
      template: body.template,
      dryRun: query.dry_run ?? false,
    });
    if (!summary.dry_run) await meters.load();
    return summary;
  });
  routes.serve(templateEndpoints.listApplicationTemplates, async () => ({
    data: await readTemplates(),
    next_cursor: null,
  }));
}

function servePackages(routes: Routes): void {
  routes.serve(endpoints.listPackages, ({ context, query }) =>
    listPackages(context, { ...query, status: 'active' }),
  );
  routes.serve(endpoints.searchPackages, ({ context, query }) => listPackages(context, query));
  routes.serve(endpoints.getPackage, async ({ context, params }) => {
    const row = await readPackage(context, params.id);
    if (!row) throw notFound('package');
    return presentPackage(row, context.config.usageCurrency);
  });
  routes.serve(endpoints.createPackage, async ({ context, body }) =>
    presentPackage(await createPackage(context, body), context.config.usageCurrency),
  );
  routes.serve(endpoints.updatePackage, async ({ context, params, body }) =>
    presentPackage(await updatePackage(context, params.id, body), context.config.usageCurrency),
  );
  routes.serve(endpoints.deletePackage, ({ context, params }) => deletePackage(context, params.id));
}

function servePrices(routes: Routes, prices: PriceBook, callable: () => ReadonlySet<string>): void {
  routes.serve(endpoints.listModels, async ({ context, caller, query }) => {
    const models = callable();
    const now = context.clocks.business();
    const organizationId = 'organizationId' in caller ? caller.organizationId : null;
    const q = query.q?.toLowerCase() ?? '';
    const offered = prices
      .models(now)
      .filter(({ model }) => models.has(model) && model.toLowerCase().includes(q))
      .filter(({ model }) => query.vendor === undefined || vendorOf(model) === query.vendor);
    return pageByModel(offered, query, (price) => {
      const multiplier = prices.groups.multiplierFor(organizationId, price.model, now);
      return presentOfferedModel(multiplyPrice(price, multiplier), {
        multiplier,
        group: prices.groups.groupOf(price.model, now),
      });
    });
  });
  routes.serve(endpoints.searchModelPrices, async ({ context, query }) => {
    if (query.model !== undefined) return listPriceVersions(context, query.model, query);
    const q = query.q?.toLowerCase() ?? '';
    const found = prices
      .models(context.clocks.business())
      .filter(({ model }) => model.toLowerCase().includes(q));
    return pageByModel(found, query, presentModelPrice);
  });
  routes.serve(endpoints.createModelPrice, async ({ context, body }) => {
    const price = await createModelPrice(context, body);
    await prices.load();
    return presentModelPrice(price);
  });
}

function servePriceUpdates(routes: Routes, prices: PriceBook): void {
  routes.serve(updateEndpoints.acceptPriceUpdates, async ({ context, body }) => {
    const made = await acceptPriceUpdates(context, body);
    await prices.load();
    return { data: made.map(presentModelPrice) };
  });
  routes.serve(updateEndpoints.refusePriceUpdates, ({ context, body }) =>
    refusePriceUpdates(context, body.updates),
  );
}

/** A page of what is in memory, by model name. */
function pageByModel<T>(
  sorted: readonly ModelPrice[],
  query: PageRequest,
  present: (price: ModelPrice) => T,
) {
  const after = readCursor(query);
  const start = after === undefined ? 0 : sorted.findIndex(({ model }) => model > after);
  if (start < 0)
    throw new Refusal('malformed', 'This list has no page behind that cursor.', {
      param: 'cursor',
    });
  const rows = sorted.slice(start, start + query.limit + 1);
  return pageOf(rows, query, ({ model }) => model, present);
}
