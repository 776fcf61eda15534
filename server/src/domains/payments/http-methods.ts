import * as endpoints from '@sluice/contract/payment-methods';
import type { Context } from '../../platform/context.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { dayOf } from '../../platform/time.ts';
import type { MethodSetup, PaymentMethod } from './core/method.ts';
import { presentMethod, presentSetup } from './core/present-method.ts';
import { findMethod } from './methods-store.ts';
import { listMethods, setDefaultMethod } from './operations/read-methods.ts';
import { removeMethod } from './operations/remove-method.ts';
import { getSetup, setUpMethod } from './operations/set-up-method.ts';

/** Serves stored payment methods, and how they are stored without paying. */
export function serveMethods(routes: Routes): void {
  routes.serve(endpoints.listPaymentMethods, async ({ context, organizationId }) => ({
    data: (await listMethods(context, organizationId)).map((method) => shown(context, method)),
    next_cursor: null,
  }));
  routes.serve(endpoints.setUpPaymentMethod, async ({ context, organizationId, body }) => {
    const { provider, means, return_url: returnUrl } = body;
    return answer(
      context,
      await setUpMethod(context, { organizationId, provider, means, returnUrl }),
    );
  });
  routes.serve(endpoints.getPaymentMethodSetup, async ({ context, organizationId, params }) =>
    answer(context, await getSetup(context, { organizationId, id: params.id })),
  );
  routes.serve(endpoints.updatePaymentMethod, async ({ context, organizationId, params }) =>
    shown(context, await setDefaultMethod(context, { organizationId, id: params.id })),
  );
  routes.serve(endpoints.removePaymentMethod, ({ context, organizationId, params }) =>
    removeMethod(context, { organizationId, id: params.id }),
  );
}

function shown({ clocks, config }: Context, method: PaymentMethod) {
  return presentMethod(method, dayOf(clocks.business(), config.timeZone));
}

async function answer(context: Context, setup: MethodSetup) {
  const { methodId } = setup;
  const method = methodId === null ? undefined : await findMethod(context.database, methodId);
  return { setup: presentSetup(setup, method && shown(context, method)) };
}
