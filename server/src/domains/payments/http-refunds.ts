import * as disputes from '@sluice/contract/disputes';
import * as refunds from '@sluice/contract/refunds';
import * as unapplied from '@sluice/contract/unapplied';
import type { Routes } from '../../platform/http/routes.ts';
import { presentDispute, presentRefund, presentUnapplied } from './core/present-returns.ts';
import { resolveDispute } from './operations/bear-dispute.ts';
import {
  inspectDispute,
  inspectPayment,
  inspectRefund,
  listPaymentRefunds,
  listUnapplied,
  searchDisputes,
  searchRefunds,
} from './operations/read-refunds.ts';
import { refundPayment } from './operations/refund-payment.ts';
import { returnUnapplied } from './operations/return-unapplied.ts';

/** Serves money that goes back; what pays an invoice with unapplied money is the invoice's, and served there. */
export function serveRefunds(routes: Routes): void {
  routes.serve(refunds.refundPayment, async ({ context, params, body }) => {
    const { amount, reason, to: destination, leaves_debt: leavesDebt } = body;
    const command = { paymentId: params.id, amount, reason, destination, leavesDebt };
    return presentRefund(await refundPayment(context, command));
  });
  routes.serve(refunds.searchRefunds, ({ context, query }) => searchRefunds(context, query));
  routes.serve(refunds.inspectRefund, ({ context, params }) => inspectRefund(context, params.id));
  routes.serve(refunds.inspectPayment, ({ context, params }) => inspectPayment(context, params.id));
  routes.serve(refunds.listPaymentRefunds, ({ context, organizationId, params }) =>
    listPaymentRefunds(context, { organizationId, id: params.id }),
  );
  serveDisputes(routes);
  routes.serve(unapplied.listUnapplied, ({ context, query }) => listUnapplied(context, query));
  routes.serve(unapplied.returnUnapplied, async ({ context, params, body }) =>
    presentUnapplied(await returnUnapplied(context, { id: params.id, reason: body.reason })),
  );
}

function serveDisputes(routes: Routes): void {
  routes.serve(disputes.searchDisputes, ({ context, query }) => searchDisputes(context, query));
  routes.serve(disputes.inspectDispute, ({ context, params }) =>
    inspectDispute(context, params.id),
  );
  routes.serve(disputes.resolveDispute, async ({ context, params, body }) => {
    const { borne_by: borneBy, note } = body;
    return presentDispute(await resolveDispute(context, { id: params.id, borneBy, note }));
  });
}
