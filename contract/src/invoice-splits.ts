/** Billing by team: whose use the usage lines of an invoice are. What is owed does not change by it. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { IdParams, Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const By = z.enum(['cost_center', 'member']);

const Share = z.object({
  id: z
    .string()
    .nullable()
    .meta({ description: 'The cost center or member; null: unassigned, or nobody’s.' }),
  name: z.string().nullable(),
  amount: Amount.meta({ description: 'Of the line before discounts and tax, exact to the nano.' }),
  net_amount: Amount.meta({ description: 'After discounts, before tax, exact to the nano.' }),
});

export const splitInvoice = endpoint({
  operation: 'splitInvoice',
  method: 'GET',
  path: '/api/v1/billing/invoices/{id}/split',
  summary:
    'The usage lines of an invoice by cost center or member, in proportion to what each used in the line’s period. Shares are rounded down to the nano, and what is left goes one nano each to those that lost most, so that they sum to the line.',
  params: IdParams,
  query: z.strictObject({
    by: By.default('cost_center'),
    format: z.enum(['json', 'csv']).default('json'),
  }),
  answer: z
    .object({
      invoice: z.string(),
      number: z.string().nullable(),
      by: By,
      currency: Currency,
      lines: z.array(
        z.object({
          position: z.number().int(),
          description: z.string(),
          period: z.object({ from: Instant, to: Instant }).nullable(),
          amount: Amount,
          net_amount: Amount,
          shares: z.array(Share),
        }),
      ),
      totals: z.array(Share).meta({ description: 'Of all usage lines, the dearest first.' }),
      other: Amount.meta({
        description: 'Lines that are nobody’s use, such as the plan’s own price.',
      }),
    })
    .meta({ id: 'InvoiceSplit' }),
});
