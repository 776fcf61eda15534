/** What an organization has bought and when it ends. */
import { z } from 'zod';
import { IdParams, Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Purchase } from './invoicing.ts';
import { payWith } from './pay-with.ts';

/** A package that an organization has bought. */
export const OrganizationPackage = z
  .object({
    id: z.string(),
    package: z.object({ id: z.string(), name: z.string() }),
    status: z.enum(['pending', 'active', 'lapsed', 'canceled']),
    invoice: z.string(),
    starts_at: Instant.nullable(),
    ends_at: Instant.nullable(),
  })
  .meta({ id: 'OrganizationPackage' });

export const purchasePackage = endpoint({
  operation: 'purchasePackage',
  method: 'POST',
  path: '/api/v1/billing/packages/{id}/purchase',
  summary:
    'Buys a package: invoices it and starts its payment; `"provider": "wallet"` pays at once.',
  params: IdParams,
  body: z.strictObject(payWith),
  answer: Purchase,
  status: 201,
  idempotent: true,
  refusals: [
    'package_unavailable',
    'payments_on_hold',
    'provider_unavailable',
    'insufficient_funds',
    'currency_unsupported',
    'rule_violated',
    'organization_suspended',
  ],
  example: { provider: 'credit' },
});
