import * as endpoints from '@sluice/contract/reconciliations';
import type { Routes } from '../../platform/http/routes.ts';
import { createReconciliation } from './operations/create-reconciliation.ts';
import {
  getReconciliation,
  listReconciliations,
  readReconciliation,
} from './operations/read-reconciliations.ts';
import { resolveItem } from './operations/resolve-item.ts';

export function serveReconciliations(routes: Routes): void {
  routes.serve(endpoints.createReconciliation, async ({ context, body }) =>
    readReconciliation(context, await createReconciliation(context, body)),
  );
  routes.serve(endpoints.listReconciliations, ({ context, query }) =>
    listReconciliations(context, query),
  );
  routes.serve(endpoints.getReconciliation, ({ context, params, query }) =>
    getReconciliation(context, { ...query, id: params.id }),
  );
  routes.serve(endpoints.listReconciliationItems, async ({ context, params, query }) => {
    const { items } = await getReconciliation(context, { ...query, id: params.id });
    return items;
  });
  routes.serve(endpoints.resolveReconciliationItem, ({ context, params, body }) =>
    resolveItem(context, {
      ...{ reconciliationId: params.id, itemId: params.item },
      ...{ resolution: body.resolution, note: body.note },
    }),
  );
}
