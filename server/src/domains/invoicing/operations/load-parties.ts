import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { findOrganization } from '../../identity/index.ts';
import { readSetting } from '../../settings/index.ts';
import { type BillingDetails, findBillingDetails, findTaxRatesOf } from '../billing-store.ts';
import { type Customer, type Seller, type Taxation, taxationOf } from '../core/tax.ts';

export interface Parties {
  seller: Seller;
  customer: Customer;
  taxation: Taxation;
  paymentTermsDays: number;
  prefixes: { invoice: string; creditNote: string };
}

/** Who sells and who buys as of now, and the tax between them. */
export async function loadParties(
  context: Context,
  executor: Executor,
  organizationId: string,
): Promise<Parties> {
  const setting = await readSetting(executor, 'seller');
  const organization = await findOrganization(executor, organizationId);
  invariant(organization, `organization ${organizationId} can be invoiced`);
  const details = await findBillingDetails(executor, organizationId);
  const { name, tax_id: taxId, address, country } = setting;
  const text = await readSetting(executor, 'invoice_text');
  const seller: Seller = { name, taxId, address, country, ...(text !== '' && { text }) };
  const customer = customerOf(context, organization.name, details);
  const taxedIn = customer.country ?? seller.country;
  const taxation = taxationOf({
    seller,
    customer,
    isExempt: details?.isTaxExempt ?? false,
    rates: taxedIn === null ? [] : await findTaxRatesOf(executor, taxedIn),
    at: context.clocks.business(),
  });
  return {
    seller,
    customer,
    taxation,
    paymentTermsDays: details?.paymentTermsDays ?? 0,
    prefixes: { invoice: setting.invoice_prefix, creditNote: setting.credit_note_prefix },
  };
}

function customerOf(
  context: Context,
  organizationName: string,
  details: BillingDetails | undefined,
): Customer {
  return {
    name: details?.legalName ?? organizationName,
    taxId: details?.taxId ?? null,
    address: details?.address ?? [],
    country: details?.country ?? null,
    email: details?.invoiceEmail ?? null,
    locale: details?.locale ?? context.config.locale,
  };
}
