/** Credit notes: what takes back an invoice, in part or whole. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf, TimedPageQuery } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { DocumentQuery, LineText, Party, Reason, Tax } from './invoicing.ts';

export const CreditNote = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    invoice: z.object({ id: z.string(), number: z.string() }),
    reason: z.string(),
    currency: Currency,
    lines: z.array(
      z.object({
        position: z.number().int().nullable().meta({ description: 'Of the invoice’s line.' }),
        description: z.string(),
        text: LineText,
        amount: Amount,
      }),
    ),
    taxes: z.array(Tax),
    tax: Amount,
    tax_inclusive: z.boolean(),
    total: Amount,
    against_due: Amount.meta({ description: 'Taken off what was due on the invoice.' }),
    to_credit: Amount.meta({ description: 'The customer’s, for later invoices.' }),
    remaining: Amount.meta({ description: 'What later invoices have not used of that.' }),
    seller: Party,
    customer: Party,
    issued_at: Instant,
  })
  .meta({ id: 'CreditNote' });

export const OrganizationCreditNote = CreditNote.extend({ organization: z.string() }).meta({
  id: 'OrganizationCreditNote',
});

export const listCreditNotes = endpoint({
  operation: 'listCreditNotes',
  method: 'GET',
  path: '/api/v1/billing/credit-notes',
  summary: 'Credit notes of the organization, newest first.',
  query: PageQuery,
  answer: pageOf(CreditNote),
});

export const getCreditNote = endpoint({
  operation: 'getCreditNote',
  method: 'GET',
  path: '/api/v1/billing/credit-notes/{id}',
  summary: 'One credit note.',
  params: IdParams,
  answer: CreditNote,
});

export const printCreditNote = endpoint({
  operation: 'printCreditNote',
  method: 'GET',
  path: '/api/v1/billing/credit-notes/{id}/pdf',
  summary: 'One credit note as a PDF file.',
  params: IdParams,
  query: DocumentQuery,
});

export const searchCreditNotes = endpoint({
  operation: 'searchCreditNotes',
  method: 'GET',
  path: '/api/v1/admin/credit-notes',
  summary: 'Credit notes of all organizations, newest first.',
  query: TimedPageQuery.extend({
    organization: z.string().max(100).optional(),
    invoice: z.string().max(100).optional(),
  }),
  answer: pageOf(OrganizationCreditNote),
});

export const createCreditNote = endpoint({
  operation: 'createCreditNote',
  method: 'POST',
  path: '/api/v1/admin/invoices/{id}/credit-notes',
  summary:
    'Takes back the whole of an invoice, some of its lines, or an amount: first what is due, the rest as credit.',
  params: IdParams,
  body: z
    .strictObject({
      lines: z
        .array(
          z.strictObject({
            position: z.number().int().min(0).max(100_000),
            amount: AmountPositive.optional().meta({
              description: 'Less the discount, before tax is added; what is left of it by default.',
            }),
          }),
        )
        .min(1)
        .max(200)
        .optional(),
      amount: AmountPositive.optional().meta({ description: 'With its tax.' }),
      reason: Reason,
    })
    .refine(
      ({ lines, amount }) => lines === undefined || amount === undefined,
      'Name lines or an amount, or neither for all that is left.',
    ),
  answer: OrganizationCreditNote,
  status: 201,
  idempotent: true,
  refusals: ['invalid_state', 'amount_out_of_range', 'rule_violated', 'currency_unsupported'],
  example: { amount: '10.00', reason: 'A day without service' },
});
