import { describe, expect, test } from 'vitest';
import { type QuotaTerms, quotaFormOf, toQuotaBody } from './quota-form.ts';

const monthly: QuotaTerms = {
  meter: 'medical.analyses',
  unit: 'count',
  window: 'month',
  anchor: 'subscription',
  limit: '500',
  hard: true,
  overage_price: '0.05',
};

describe('the form of a quota', () => {
  test('sends back what it was filled with', () => {
    const { unit: _, ...sent } = monthly;
    expect(toQuotaBody(quotaFormOf(monthly))).toEqual(sent);
  });

  test('keeps a quota that only records', () => {
    const body = toQuotaBody(quotaFormOf({ ...monthly, hard: false }));
    expect(body).toMatchObject({ limit: '500', hard: false });
  });

  test('sends no limit for an unlimited one, whatever was typed before', () => {
    const form = { ...quotaFormOf(monthly), at_limit: 'unlimited' } as const;
    expect(toQuotaBody(form)).toEqual({
      meter: 'medical.analyses',
      window: 'month',
      anchor: 'subscription',
      limit: null,
    });
  });

  test('leaves the anchor out where windows follow the clock', () => {
    const form = { ...quotaFormOf(monthly), window: 'hour' } as const;
    expect(toQuotaBody(form)).not.toHaveProperty('anchor');
  });
});
