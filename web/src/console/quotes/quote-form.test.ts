import { describe, expect, test } from 'vitest';
import type { Quote } from '../../features/quotes/quote.ts';
import { emptyQuote, type QuoteForm, quoteFormOf, toQuoteTerms } from './quote-form.ts';

const timeZone = 'Asia/Shanghai';
const form: QuoteForm = {
  ...(emptyQuote('USD') as QuoteForm),
  name: 'Acme enterprise',
  price: { currency: 'USD', interval: 'month', interval_count: 1, amount: '2500' },
  term_cycles: 12,
  valid_until: '2026-12-31T23:59',
};

describe('toQuoteTerms', () => {
  test('sends one price, the term, and the instant that clocks of the zone will show', () => {
    expect(toQuoteTerms(form, timeZone)).toMatchObject({
      name: 'Acme enterprise',
      message: null,
      price: { currency: 'USD', interval: 'month', interval_count: 1, amount: '2500' },
      quantity: 1,
      term_cycles: 12,
      valid_until: '2026-12-31T15:59:00.000Z',
    });
  });

  test('sends nothing that only plans on offer have', () => {
    const sent = Object.keys(toQuoteTerms(form, timeZone));
    for (const field of ['prices', 'visible_to', 'sort_order', 'description', 'setup_fee']) {
      expect(sent).not.toContain(field);
    }
  });

  test('sends no term with what is paid once', () => {
    const once = { ...form, price: { currency: 'USD', interval: 'once' as const, amount: '9' } };
    expect(toQuoteTerms(once, timeZone).term_cycles).toBeNull();
  });
});

describe('quoteFormOf', () => {
  test('is sent again as it was read', () => {
    const quote = {
      name: 'Acme enterprise',
      message: 'As agreed.',
      quantity: 3,
      term_cycles: 6,
      valid_until: '2026-12-31T15:59:00.000Z',
      price: {
        ...{ currency: 'USD', interval: 'month', interval_count: 3, billing_cycle: '3_months' },
        ...{ amount: '2500.00', setup_fee: '10.00', minimum_commitment: '4000.00' },
      },
      plan: {
        ...{ trial_days: 14, charges: [], proration: 'day', refund: 'none' },
        quotas: [
          {
            ...{ meter: 'requests', unit: 'count', window: 'month', anchor: 'calendar' },
            ...{ limit: '100', hard: true },
          },
        ],
        ...{
          features: { sso: true },
          models: ['*'],
          on_short_funds: 'reject',
          on_abort: 'delivered',
        },
        rate_limits: { rpm: 60, tpm: null, concurrency: null },
      },
    } as unknown as Quote;
    expect(toQuoteTerms(quoteFormOf(quote, timeZone) as QuoteForm, timeZone)).toEqual({
      name: 'Acme enterprise',
      message: 'As agreed.',
      quantity: 3,
      term_cycles: 6,
      valid_until: '2026-12-31T15:59:00.000Z',
      price: {
        ...{ currency: 'USD', interval: 'month', interval_count: 3 },
        ...{ amount: '2500.00', setup_fee: '10.00', minimum_commitment: '4000.00' },
      },
      ...{ trial_days: 14, charges: [], proration: 'day', refund: 'none' },
      quotas: [
        { meter: 'requests', window: 'month', anchor: 'calendar', limit: '100', hard: true },
      ],
      ...{
        features: { sso: true },
        models: ['*'],
        on_short_funds: 'reject',
        on_abort: 'delivered',
      },
      rate_limits: { rpm: 60, tpm: null, concurrency: null },
    });
  });
});
