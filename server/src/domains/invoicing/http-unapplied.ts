import * as endpoints from '@sluice/contract/unapplied';
import type { Routes } from '../../platform/http/routes.ts';
import { inspectUnapplied } from '../payments/index.ts';
import { applyUnapplied } from './operations/apply-unapplied.ts';

/** Serves what pays an invoice, or fills the wallet, with money that fitted nothing. */
export function registerUnapplied(routes: Routes): void {
  routes.serve(endpoints.applyUnapplied, async ({ context, params, body }) => {
    const { invoice: invoiceId, organization: organizationId, rate } = body;
    await applyUnapplied(context, { id: params.id, invoiceId, organizationId, rate });
    return inspectUnapplied(context, params.id);
  });
}
