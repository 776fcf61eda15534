import { describe, expect, test } from 'vitest';
import { type BillingDetails, linesOf, toBody, toFields } from './details-form.ts';

const details: BillingDetails = {
  legal_name: 'Chen Analytics GmbH',
  tax_id: 'DE987654321',
  country: 'DE',
  address: ['Kastanienallee 5', '10435 Berlin'],
  invoice_email: 'books@chen.example',
  locale: 'zh-CN',
  payment_terms_days: 14,
  tax_exempt: false,
  consolidated: false,
};

describe('toFields and toBody', () => {
  test('what was read is sent back as it was, without what is the operator’s to give', () => {
    const {
      payment_terms_days: _days,
      tax_exempt: _exempt,
      consolidated: _consolidated,
      ...own
    } = details;
    expect(toBody(toFields(details))).toEqual(own);
  });

  test('what was emptied is cleared', () => {
    expect(toBody({ legal_name: '  ', tax_id: '', address: '\n', locale: '' })).toEqual({
      legal_name: null,
      tax_id: null,
      country: null,
      address: [],
      invoice_email: null,
      locale: null,
    });
  });
});

test('an address has a line for each line that says something', () => {
  expect(linesOf(' Kastanienallee 5 \n\n10435 Berlin\n')).toEqual([
    'Kastanienallee 5',
    '10435 Berlin',
  ]);
});
