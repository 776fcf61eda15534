import * as endpoints from '@sluice/contract/fapiao';
import { sendFile } from '../../platform/http/files.ts';
import type { Routes } from '../../platform/http/routes.ts';
import {
  presentFapiao,
  presentOrganizationFapiao,
  presentTitle,
  readTitle,
} from './core/present-fapiao.ts';
import { findLastTitle } from './fapiao-store.ts';
import { rejectFapiao, reverseFapiao } from './operations/close-fapiao.ts';
import { issueFapiao } from './operations/issue-fapiao.ts';
import {
  listFapiao,
  listFapiaoInvoices,
  readFapiaoFile,
  requireFapiao,
  searchFapiao,
} from './operations/read-fapiao.ts';
import { requestFapiao } from './operations/request-fapiao.ts';
import { sendFapiao } from './operations/send-fapiao.ts';

/** Serves fapiao: to customers who ask for them, and to operators who issue them. */
export function registerFapiao(routes: Routes): void {
  registerOwn(routes);
  registerQueue(routes);
}

function registerOwn(routes: Routes): void {
  routes.serve(endpoints.listFapiao, ({ context, organizationId, query }) =>
    listFapiao(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.getFapiao, async ({ context, organizationId, params }) =>
    presentFapiao(await requireFapiao(context, { organizationId, id: params.id })),
  );
  routes.serve(endpoints.downloadFapiao, async ({ context, organizationId, params, reply }) =>
    sendFile(reply, await readFapiaoFile(context, { organizationId, id: params.id })),
  );
  routes.serve(endpoints.listFapiaoInvoices, ({ context, organizationId, query }) =>
    listFapiaoInvoices(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.getFapiaoTitle, async ({ context, organizationId }) => {
    const last = await findLastTitle(context.database, organizationId);
    return { vat: last?.vat ?? 'general', title: last ? presentTitle(last.title) : null };
  });
  routes.serve(endpoints.requestFapiao, async ({ context, organizationId, body }) =>
    presentFapiao(
      await requestFapiao(context, {
        organizationId,
        invoiceIds: body.invoices,
        vat: body.vat,
        title: readTitle(body.title),
      }),
    ),
  );
}

function registerQueue(routes: Routes): void {
  routes.serve(endpoints.searchFapiao, ({ context, query }) => searchFapiao(context, query));
  routes.serve(endpoints.inspectFapiao, async ({ context, params }) =>
    presentOrganizationFapiao(await requireFapiao(context, { id: params.id })),
  );
  routes.serve(endpoints.inspectFapiaoFile, async ({ context, params, reply }) =>
    sendFile(reply, await readFapiaoFile(context, { id: params.id })),
  );
  routes.serve(endpoints.issueFapiao, async ({ context, params, body }) =>
    presentOrganizationFapiao(await issueFapiao(context, params.id, body)),
  );
  routes.serve(endpoints.sendFapiao, async ({ context, params }) =>
    presentOrganizationFapiao(await sendFapiao(context, params.id)),
  );
  routes.serve(endpoints.rejectFapiao, async ({ context, params, body }) =>
    presentOrganizationFapiao(await rejectFapiao(context, params.id, body.reason)),
  );
  routes.serve(endpoints.reverseFapiao, async ({ context, params, body }) => {
    const { number, code = null, reversed_on: reversedOn, reason = null } = body;
    const red = { number, code, reversedOn, reason };
    return presentOrganizationFapiao(await reverseFapiao(context, params.id, red));
  });
}
