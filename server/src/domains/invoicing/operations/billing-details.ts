import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { type BillingDetails, findBillingDetails, saveBillingDetails } from '../billing-store.ts';

/** @throws Refusal `not_found`. */
export async function getBillingDetails(
  context: Context,
  organizationId: string,
): Promise<BillingDetails> {
  if (!(await findOrganization(context.database, organizationId))) throw notFound('organization');
  return (await findBillingDetails(context.database, organizationId)) ?? unsaid(organizationId);
}

/**
 * Changes what invoices say of an organization from now on.
 * @throws Refusal `not_found`.
 */
export async function changeBillingDetails(
  context: Context,
  organizationId: string,
  changes: Partial<Omit<BillingDetails, 'organizationId'>>,
): Promise<BillingDetails> {
  return inTransaction(context, async (transaction) => {
    // The organization's own lock: of two changes at once each is made to what the other has left.
    if (!(await lockFunds(transaction, organizationId))) throw notFound('organization');
    const old = (await findBillingDetails(transaction, organizationId)) ?? unsaid(organizationId);
    const changed: BillingDetails = { ...old, ...changes };
    await saveBillingDetails(transaction, changed, context.clocks.business());
    await recordAudit(context, transaction, {
      organizationId,
      action: 'billing_details.update',
      resource: { kind: 'organization', id: organizationId },
      oldValues: { ...old },
      newValues: { ...changed },
    });
    return changed;
  });
}

function unsaid(organizationId: string): BillingDetails {
  return {
    organizationId,
    legalName: null,
    taxId: null,
    country: null,
    address: [],
    invoiceEmail: null,
    locale: null,
    paymentTermsDays: 0,
    isTaxExempt: false,
    isConsolidated: false,
  };
}
