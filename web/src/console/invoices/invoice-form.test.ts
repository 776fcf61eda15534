import { describe, expect, test } from 'vitest';
import type { Invoice } from './invoice.ts';
import { type InvoiceForm, invoiceFormOf, subtotalOf, toInvoiceBody } from './invoice-form.ts';

const form: InvoiceForm = {
  organization: 'org_1',
  currency: 'USD',
  lines: [
    { description: 'Workshop', quantity: '1.5', unit_amount: '900.00', taxed: true },
    { description: 'Travel', unit_amount: '120.5', taxed: false },
  ],
  due_in_days: 0,
  keep: 'draft',
};

describe('toInvoiceBody', () => {
  test('sends the lines as they were written', () => {
    expect(toInvoiceBody(form)).toEqual({
      organization: 'org_1',
      currency: 'USD',
      lines: [
        { description: 'Workshop', quantity: '1.5', unit_amount: '900.00', taxed: true },
        { description: 'Travel', unit_amount: '120.5', taxed: false },
      ],
      due_in_days: 0,
      draft: true,
    });
  });

  test('leaves the term and the currency to the server where none is given', () => {
    const { currency: _, ...without } = form;
    const body = toInvoiceBody({ ...without, due_in_days: null, keep: 'issue' });
    expect(body).not.toHaveProperty('due_in_days');
    expect(body).not.toHaveProperty('currency');
    expect(body.draft).toBe(false);
    expect(body).not.toHaveProperty('with_next_invoice');
  });

  test('lets it wait for the next invoice', () => {
    expect(toInvoiceBody({ ...form, keep: 'wait' })).toMatchObject({ with_next_invoice: true });
  });
});

test('a draft is edited as it was written', () => {
  const line = {
    text: { code: 'free_text', params: { text: 'Travel' } },
    description: 'Travel',
    quantity: '1',
    unit_amount: '120.50',
  };
  const invoice = {
    ...{ organization: 'org_1', currency: 'USD', lines: [line] },
    draft: { due_in_days: 14, taxed: [false] },
  } as unknown as Invoice;
  expect(invoiceFormOf(invoice)).toEqual({
    organization: 'org_1',
    currency: 'USD',
    lines: [{ description: 'Travel', quantity: '1', unit_amount: '120.50', taxed: false }],
    due_in_days: 14,
    keep: 'draft',
  });
});

test.each([
  ['quantity times price', [{ quantity: '1.5', unit_amount: '900' }], '1350'],
  ['an empty quantity is one', [{ quantity: '', unit_amount: '0.1' }], '0.1'],
  ['what is taken off', [{ unit_amount: '100' }, { unit_amount: '-20.05' }], '79.95'],
  ['far below a cent', [{ quantity: '1000000', unit_amount: '0.000000001' }], '0.001'],
  ['a line that is not finished', [{ unit_amount: '100' }, {}], undefined],
  ['a line just added', [undefined], undefined],
])('the sum: %s', (_what, lines, expected) => {
  expect(subtotalOf(lines)).toBe(expected);
});
