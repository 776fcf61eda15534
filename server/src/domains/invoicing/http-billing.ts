import * as endpoints from '@sluice/contract/tax';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { type BillingDetails, listTaxRateRows } from './billing-store.ts';
import type { TaxRate } from './core/tax.ts';
import { changeBillingDetails, getBillingDetails } from './operations/billing-details.ts';
import { createTaxRate, updateTaxRate } from './operations/tax-rates.ts';

/** Serves tax rates, and what organizations say of themselves for their invoices. */
export function registerBilling(routes: Routes): void {
  registerDetails(routes);
  routes.serve(endpoints.listTaxRates, async ({ context, query }) => {
    const page = { before: readCursor(query), limit: query.limit + 1 };
    const rates = await listTaxRateRows(context.database, page);
    return pageOf(rates, query, ({ id }) => id, presentRate);
  });
  routes.serve(endpoints.createTaxRate, async ({ context, body }) =>
    presentRate(await createTaxRate(context, body)),
  );
  routes.serve(endpoints.updateTaxRate, async ({ context, params, body }) =>
    presentRate(await updateTaxRate(context, params.id, body)),
  );
}

function registerDetails(routes: Routes): void {
  routes.serve(endpoints.getBillingDetails, async ({ context, organizationId, params }) => {
    requireActing(organizationId, params.id);
    return presentDetails(await getBillingDetails(context, organizationId));
  });
  routes.serve(
    endpoints.updateBillingDetails,
    async ({ context, organizationId, params, body }) => {
      requireActing(organizationId, params.id);
      const details = await changeBillingDetails(context, organizationId, {
        legalName: body.legal_name ?? null,
        taxId: body.tax_id ?? null,
        country: body.country ?? null,
        address: body.address ?? [],
        invoiceEmail: body.invoice_email ?? null,
        locale: body.locale ?? null,
      });
      return presentDetails(details);
    },
  );
  routes.serve(endpoints.inspectBillingDetails, async ({ context, params }) =>
    presentDetails(await getBillingDetails(context, params.id)),
  );
  routes.serve(endpoints.setBillingTerms, async ({ context, params, body }) => {
    const {
      payment_terms_days: paymentTermsDays,
      tax_exempt: isTaxExempt,
      consolidated: isConsolidated,
    } = body;
    const details = await changeBillingDetails(context, params.id, {
      ...(paymentTermsDays === undefined ? {} : { paymentTermsDays }),
      ...(isTaxExempt === undefined ? {} : { isTaxExempt }),
      ...(isConsolidated === undefined ? {} : { isConsolidated }),
    });
    return presentDetails(details);
  });
}

/** The role that was checked is the one in the acting organization, so that must be the one named. */
function requireActing(organizationId: string, named: string): void {
  if (organizationId !== named) throw notFound('organization');
}

function presentDetails(details: BillingDetails) {
  return {
    legal_name: details.legalName,
    tax_id: details.taxId,
    country: details.country,
    address: [...details.address],
    invoice_email: details.invoiceEmail,
    locale: details.locale,
    payment_terms_days: details.paymentTermsDays,
    tax_exempt: details.isTaxExempt,
    consolidated: details.isConsolidated,
  };
}

function presentRate({ id, country, name, rate, isInclusive, validFrom }: TaxRate) {
  const valid_from = validFrom.toISOString();
  return { id, country, name, rate, inclusive: isInclusive, valid_from };
}
