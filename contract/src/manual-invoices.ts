/** Invoices that operators write themselves. */
import { z } from 'zod';
import { AmountInput, Currency, decimalInput } from './amounts.ts';
import { IdParams } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { OrganizationInvoice } from './invoicing.ts';

const Quantity = decimalInput('quantity').refine(
  (text) => !text.startsWith('-') && /[1-9]/.test(text),
  { message: 'The quantity must be more than zero.' },
);

export const ManualLineInput = z.strictObject({
  description: z.string().trim().min(1, 'Say what the line is for.').max(500),
  quantity: Quantity.optional().meta({ description: 'One by default.' }),
  unit_amount: AmountInput.meta({ description: 'Before tax; negative for what is taken off.' }),
  taxed: z.boolean().optional().meta({ description: 'True by default.' }),
});

const Lines = z.array(ManualLineInput).min(1, 'Write at least one line.').max(100);
const DueInDays = z
  .number()
  .int()
  .min(0)
  .max(365)
  .meta({ description: 'By default the customer’s terms of payment.' });

export const createInvoice = endpoint({
  operation: 'createInvoice',
  method: 'POST',
  path: '/api/v1/admin/invoices',
  summary: 'Writes an invoice: issued at once and mailed with the address to pay at, or a draft.',
  body: z.strictObject({
    organization: z.string().min(1).max(100),
    currency: Currency.optional().meta({ description: 'The deployment’s by default.' }),
    lines: Lines,
    due_in_days: DueInDays.optional(),
    draft: z.boolean().optional(),
    with_next_invoice: z.boolean().optional().meta({
      description:
        'Waits as a draft until the subscription’s next invoice takes its lines; for customers whose invoices are consolidated.',
    }),
  }),
  answer: OrganizationInvoice,
  status: 201,
  idempotent: true,
  refusals: ['amount_out_of_range', 'currency_unsupported', 'rule_violated'],
  example: {
    organization: 'org_01',
    currency: 'USD',
    lines: [{ description: 'Integration workshop', quantity: '1.5', unit_amount: '900.00' }],
    due_in_days: 14,
  },
});

export const updateInvoice = endpoint({
  operation: 'updateInvoice',
  method: 'PATCH',
  path: '/api/v1/admin/invoices/{id}',
  summary: 'Writes the lines of a draft anew, or gives it other terms.',
  params: IdParams,
  body: z.strictObject({ lines: Lines.optional(), due_in_days: DueInDays.optional() }),
  answer: OrganizationInvoice,
  refusals: ['invalid_state', 'amount_out_of_range', 'rule_violated'],
  example: { lines: [{ description: 'Integration workshop', unit_amount: '1350.00' }] },
});

export const finalizeInvoice = endpoint({
  operation: 'finalizeInvoice',
  method: 'POST',
  path: '/api/v1/admin/invoices/{id}/finalize',
  summary: 'Issues a draft with its number, and mails the customer where to pay.',
  params: IdParams,
  body: z.strictObject({}),
  answer: OrganizationInvoice,
  idempotent: true,
  refusals: ['invalid_state', 'rule_violated'],
  example: {},
});

export const discardInvoice = endpoint({
  operation: 'discardInvoice',
  method: 'DELETE',
  path: '/api/v1/admin/invoices/{id}',
  summary: 'Throws a draft away.',
  params: IdParams,
  status: 204,
  refusals: ['invalid_state'],
});

export const markInvoicePaid = endpoint({
  operation: 'markInvoicePaid',
  method: 'POST',
  path: '/api/v1/admin/invoices/{id}/mark-paid',
  summary: 'Records that what is due on an invoice was paid another way.',
  params: IdParams,
  body: z.strictObject({
    note: z.string().trim().min(1, 'Say where the money came from.').max(500),
  }),
  answer: OrganizationInvoice,
  idempotent: true,
  refusals: ['invalid_state'],
  example: { note: 'Bank transfer of 3 March' },
});
