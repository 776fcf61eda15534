import { describe, expect, it } from 'vitest';
import { formOf, sumOf, toBody } from './request.ts';

const company = {
  kind: 'company' as const,
  ...{ name: ' 示例科技有限公司 ', tax_number: '91310000MA1K35X12A', email: 'books@example.com' },
  ...{ address: '', phone: '  ', bank: '招商银行', account: '6225 8800' },
};

describe('toBody', () => {
  it('sends what was typed, and leaves out what was not', () => {
    expect(toBody({ vat: 'special', title: company }, ['inv_1'])).toEqual({
      invoices: ['inv_1'],
      vat: 'special',
      title: {
        ...{ kind: 'company', name: '示例科技有限公司', email: 'books@example.com' },
        ...{ tax_number: '91310000MA1K35X12A', bank: '招商银行', account: '6225 8800' },
      },
    });
  });

  it('makes out a general one to a person, without the company that was typed before', () => {
    const title = { ...company, kind: 'individual' as const, name: '张三' };
    expect(toBody({ vat: 'special', title }, ['inv_1'])).toEqual({
      invoices: ['inv_1'],
      vat: 'general',
      title: { kind: 'individual', name: '张三', email: 'books@example.com' },
    });
  });
});

describe('formOf', () => {
  it('begins with the company’s own address for mails, and with the last title after that', () => {
    const first = formOf({ vat: 'general', title: null }, 'me@example.com');
    expect(first.title).toEqual({ kind: 'company', email: 'me@example.com' });
    const nothing = { tax_number: null, address: null, phone: null, bank: null, account: null };
    const title = { kind: 'individual' as const, name: '张三', email: 'a@b.test', ...nothing };
    expect(formOf({ vat: 'general', title }, 'me@example.com').title).toMatchObject({
      ...{ kind: 'individual', name: '张三', email: 'a@b.test', tax_number: '' },
    });
  });
});

describe('sumOf', () => {
  it('adds up one currency', () => {
    const yuan = (amount: string) => ({ amount, currency: 'CNY' });
    expect(sumOf([yuan('0.10'), yuan('0.20')])).toEqual({ amount: '0.3', currency: 'CNY' });
    expect(sumOf([])).toBeUndefined();
    expect(sumOf([yuan('1'), { amount: '1', currency: 'USD' }])).toBeUndefined();
  });
});
