import * as runs from '@sluice/contract/billing-runs';
import * as endpoints from '@sluice/contract/plan-subscriptions';
import type { Routes } from '../../platform/http/routes.ts';
import { readPayWith } from '../payments/index.ts';
import { presentSubscription } from './core/present-subscription.ts';
import { changeSubscription } from './operations/change-subscription.ts';
import { movePlan } from './operations/move-plan.ts';
import { previewNewSubscription, previewSubscription } from './operations/preview-subscription.ts';
import * as reads from './operations/read-subscriptions.ts';
import { startBillingRun } from './operations/run-billing.ts';
import { setRenewalProvider } from './operations/set-renewal-provider.ts';
import { subscribe } from './operations/subscribe.ts';

/** Serves subscriptions to plans. */
export function registerPlanSubscriptions(routes: Routes): void {
  serveOwn(routes);
  serveChanges(routes);
  serveAddOns(routes);
  serveAll(routes);
}

function serveOwn(routes: Routes): void {
  routes.serve(endpoints.listSubscriptions, ({ context, organizationId, query }) =>
    reads.listSubscriptions(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.getSubscription, async ({ context, organizationId, params }) =>
    presentSubscription(
      await reads.requireSubscription(context, { id: params.id, organizationId }),
    ),
  );
  routes.serve(endpoints.previewNewSubscription, ({ context, organizationId, body }) => {
    const { billing_cycle: cycle, ...wanted } = body;
    return previewNewSubscription(context, { ...wanted, cycle, organizationId });
  });
  routes.serve(endpoints.createSubscription, ({ context, organizationId, body }) => {
    const { plan, billing_cycle: cycle, currency, quantity, coupon } = body;
    const wanted = { plan, cycle, currency, quantity, coupon };
    return subscribe(context, { ...wanted, ...readPayWith(body), organizationId });
  });
  routes.serve(
    endpoints.setSubscriptionProvider,
    async ({ context, organizationId, params, body }) =>
      presentSubscription(
        await setRenewalProvider(context, {
          ...{ id: params.id, organizationId, provider: body.provider },
          methodId: readPayWith({ ...body, provider: body.provider ?? undefined }).methodId,
        }),
      ),
  );
}

function serveAddOns(routes: Routes): void {
  routes.serve(endpoints.previewAddOn, ({ context, organizationId, params, body }) =>
    previewSubscription(context, { ...body, id: params.id, organizationId, action: 'add_on' }),
  );
  routes.serve(endpoints.setAddOn, ({ context, organizationId, params, body }) => {
    const { plan, quantity } = body;
    const wanted = { id: params.id, organizationId, plan, quantity };
    return changeSubscription(context, { ...wanted, ...readPayWith(body), action: 'add_on' });
  });
}

function serveChanges(routes: Routes): void {
  routes.serve(endpoints.previewSubscription, ({ context, organizationId, params, body }) => {
    const { billing_cycle: cycle, ...command } = body;
    return previewSubscription(context, { ...command, cycle, id: params.id, organizationId });
  });
  routes.serve(endpoints.upgradeSubscription, ({ context, organizationId, params, body }) => {
    const { plan, billing_cycle: cycle, quantity, when } = body;
    const wanted = { id: params.id, organizationId, plan, cycle, quantity, when };
    const up = { action: 'change', only: 'up' } as const;
    return changeSubscription(context, { ...wanted, ...readPayWith(body), ...up });
  });
  routes.serve(endpoints.downgradeSubscription, ({ context, organizationId, params, body }) => {
    const { billing_cycle: cycle, ...wanted } = body;
    const who = { id: params.id, organizationId };
    return changeSubscription(context, {
      ...wanted,
      ...who,
      cycle,
      action: 'change',
      only: 'down',
    });
  });
  routes.serve(endpoints.cancelSubscription, ({ context, organizationId, params, body }) =>
    changeSubscription(context, { ...body, id: params.id, organizationId, action: 'cancel' }),
  );
  routes.serve(endpoints.pauseSubscription, ({ context, organizationId, params }) =>
    changeSubscription(context, { id: params.id, organizationId, action: 'pause' }),
  );
  routes.serve(endpoints.resumeSubscription, ({ context, organizationId, params, body }) => {
    const who = { id: params.id, organizationId };
    return changeSubscription(context, { ...who, ...readPayWith(body), action: 'resume' });
  });
}

function serveAll(routes: Routes): void {
  routes.serve(endpoints.searchSubscriptions, ({ context, query }) => {
    const { organization: organizationId, ...filter } = query;
    return reads.searchSubscriptions(context, { ...filter, organizationId });
  });
  routes.serve(endpoints.inspectSubscription, ({ context, params }) =>
    reads.inspectSubscription(context, params.id),
  );
  routes.serve(endpoints.subscribeOrganization, async ({ context, body }) => {
    const { organization, billing_cycle: cycle, provider = null, ...wanted } = body;
    const { subscription } = await subscribe(context, {
      ...{ ...wanted, cycle, provider },
      organizationId: organization,
    });
    return reads.inspectSubscription(context, subscription.id);
  });
  routes.serve(endpoints.endSubscription, async ({ context, params, body }) => {
    await changeSubscription(context, { ...body, id: params.id, action: 'cancel' });
    return reads.inspectSubscription(context, params.id);
  });
  routes.serve(runs.listBillingRuns, ({ context, query }) => reads.listBillingRuns(context, query));
  routes.serve(runs.startBillingRun, async ({ context }) =>
    reads.presentRun(await startBillingRun(context)),
  );
  routes.serve(runs.movePlan, ({ context, params, body }) =>
    movePlan(context, {
      plan: params.id,
      isPreview: body.preview ?? false,
      fromVersion: body.from_version,
      notBefore: body.not_before === undefined ? undefined : new Date(body.not_before),
    }),
  );
}
