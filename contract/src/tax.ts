/** Tax rates, and what an organization says of itself for its invoices. */
import { z } from 'zod';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { AddressLines, Country } from './settings.ts';

export const TaxRate = z
  .object({
    id: z.string(),
    country: z.string(),
    name: z.string(),
    rate: z.string().meta({ description: 'Percent.', example: '19' }),
    inclusive: z.boolean().meta({ description: 'Whether prices have the tax in them.' }),
    valid_from: Instant,
  })
  .meta({ id: 'TaxRate' });

const Percent = z
  .string()
  .regex(
    /^(100(\.0{1,4})?|(0|[1-9]\d?)(\.\d{1,4})?)$/,
    'Write the rate in percent, from "0" to "100", with at most 4 decimals.',
  );

const rateFields = {
  country: Country,
  name: nameOf('tax', 40),
  rate: Percent,
  inclusive: z.boolean().optional(),
  valid_from: InstantInput.optional(),
};

export const listTaxRates = endpoint({
  operation: 'listTaxRates',
  method: 'GET',
  path: '/api/v1/admin/tax-rates',
  summary: 'Tax rates by country, the newest first.',
  query: PageQuery,
  answer: pageOf(TaxRate),
});

export const createTaxRate = endpoint({
  operation: 'createTaxRate',
  method: 'POST',
  path: '/api/v1/admin/tax-rates',
  summary: 'Adds the tax of a country, in force from an instant until the next one begins.',
  body: z.strictObject(rateFields),
  answer: TaxRate,
  status: 201,
  idempotent: true,
  refusals: ['already_exists'],
  example: { country: 'DE', name: 'MwSt', rate: '19', inclusive: false },
});

export const updateTaxRate = endpoint({
  operation: 'updateTaxRate',
  method: 'PATCH',
  path: '/api/v1/admin/tax-rates/{id}',
  summary: 'Corrects a tax rate; what was invoiced stays as it was.',
  params: IdParams,
  body: z.strictObject({
    country: rateFields.country.optional(),
    name: rateFields.name.optional(),
    rate: rateFields.rate.optional(),
    inclusive: rateFields.inclusive,
    valid_from: rateFields.valid_from,
  }),
  answer: TaxRate,
  refusals: ['already_exists'],
  example: { name: 'Mehrwertsteuer' },
});

const detailsFields = {
  legal_name: nameOf('customer', 200).nullable(),
  tax_id: z.string().trim().min(1).max(40).nullable(),
  country: Country.nullable(),
  address: AddressLines,
  invoice_email: z.email().max(254).nullable(),
  locale: z.enum(['en', 'zh-CN']).nullable().meta({ description: 'Of its documents.' }),
};

export const BillingDetails = z
  .object({
    ...detailsFields,
    payment_terms_days: z
      .number()
      .int()
      .meta({ description: 'Days until an invoice for a service is due; the operator’s to give.' }),
    tax_exempt: z.boolean(),
    consolidated: z.boolean().meta({
      description: 'Whether invoices written by hand may wait for the subscription’s next invoice.',
    }),
  })
  .meta({ id: 'BillingDetails' });

export const getBillingDetails = endpoint({
  operation: 'getBillingDetails',
  method: 'GET',
  path: '/api/v1/organizations/{id}/billing',
  summary: 'What invoices say of the organization.',
  params: IdParams,
  answer: BillingDetails,
});

export const updateBillingDetails = endpoint({
  operation: 'updateBillingDetails',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/billing',
  summary: 'Sets what invoices say of the organization from now on; what is left out is cleared.',
  params: IdParams,
  body: z.strictObject({
    legal_name: detailsFields.legal_name.optional(),
    tax_id: detailsFields.tax_id.optional(),
    country: detailsFields.country.optional(),
    address: detailsFields.address.optional(),
    invoice_email: detailsFields.invoice_email.optional(),
    locale: detailsFields.locale.optional(),
  }),
  answer: BillingDetails,
  example: { legal_name: 'Example GmbH', tax_id: 'DE123456789', country: 'DE' },
});

export const inspectBillingDetails = endpoint({
  operation: 'inspectBillingDetails',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/billing',
  summary: 'What invoices say of an organization.',
  params: IdParams,
  answer: BillingDetails,
});

export const setBillingTerms = endpoint({
  operation: 'setBillingTerms',
  method: 'PATCH',
  path: '/api/v1/admin/organizations/{id}/billing',
  summary: 'Gives an organization time to pay, exempts it from tax, or consolidates its invoices.',
  params: IdParams,
  body: z.strictObject({
    payment_terms_days: z.number().int().min(0).max(365).optional(),
    tax_exempt: z.boolean().optional(),
    consolidated: z.boolean().optional(),
  }),
  answer: BillingDetails,
  example: { payment_terms_days: 14 },
});
