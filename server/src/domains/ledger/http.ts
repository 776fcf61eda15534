import * as endpoints from '@sluice/contract/ledger';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatMoney } from '../../platform/money.ts';
import { presentGrant, presentWallet } from './core/present.ts';
import { giveGrant } from './operations/give-grant.ts';
import { listGrants } from './operations/list-grants.ts';
import { listWalletTransactions } from './operations/list-wallet-transactions.ts';
import { readWallet } from './operations/read-wallet.ts';

export function registerLedger(routes: Routes): void {
  routes.serve(endpoints.getWallet, async ({ context, organizationId }) => {
    const wallet = await readWallet(context.database, organizationId);
    return presentWallet(wallet, context.clocks.business());
  });
  routes.serve(endpoints.listWalletTransactions, async ({ context, organizationId, query }) => {
    const lines = await listWalletTransactions(context.database, organizationId, {
      before: readCursor(query),
      limit: query.limit + 1,
    });
    return pageOf(
      lines,
      query,
      ({ id }) => id,
      ({ id, kind, amount, reference, occurredAt }) => ({
        id,
        kind,
        amount: formatMoney(amount),
        currency: amount.currency,
        reference,
        created_at: occurredAt.toISOString(),
      }),
    );
  });
  routes.serve(endpoints.listGrants, async ({ context, params, query }) => {
    const grants = await listGrants(context, params.id, {
      before: readCursor(query),
      limit: query.limit + 1,
    });
    return pageOf(grants, query, ({ id }) => id, presentGrant);
  });
  routes.serve(endpoints.giveGrant, async ({ context, params, body }) => {
    const grant = await giveGrant(context, { organizationId: params.id, ...body });
    return presentGrant({ ...grant, balance: grant.amount });
  });
}
