import * as endpoints from '@sluice/contract/customers';
import type { Routes } from '../../platform/http/routes.ts';
import { listOperatorNotes, writeOperatorNote } from './operations/operator-notes.ts';
import { searchEverything } from './operations/search-everything.ts';
import { searchOrganizations } from './operations/search-organizations.ts';

export function registerCustomers(routes: Routes): void {
  routes.serve(endpoints.searchEverything, ({ context, query }) =>
    searchEverything(context, query.q),
  );
  routes.serve(endpoints.searchOrganizations, ({ context, query }) =>
    searchOrganizations(context, query),
  );
  routes.serve(endpoints.listOperatorNotes, ({ context, params, query }) =>
    listOperatorNotes(context, { ...query, organizationId: params.id }),
  );
  routes.serve(endpoints.writeOperatorNote, ({ context, params, body }) =>
    writeOperatorNote(context, { organizationId: params.id, text: body.text }),
  );
}
