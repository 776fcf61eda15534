import { describe, expect, test } from 'vitest';
import { decideQuote, type QuoteEvent, type QuoteStatus } from './quote.ts';

describe('decideQuote', () => {
  const events: QuoteEvent[] = ['edit', 'send', 'accept', 'decline', 'expire', 'withdraw'];
  const [now, later, before] = ['2026-02-01', '2026-03-01', '2026-01-01'].map(
    (day) => new Date(day),
  ) as [Date, Date, Date];
  const possible = (status: QuoteStatus, validUntil: Date) =>
    events.flatMap((event) => {
      const decision = decideQuote({ status, validUntil }, event, now);
      return decision.allowed ? [`${event} ${decision.status}`] : [];
    });

  test.each([
    [
      'draft',
      ['edit draft', 'send sent', 'withdraw withdrawn'],
      ['edit draft', 'withdraw withdrawn'],
    ],
    ['sent', ['accept accepted', 'decline declined', 'withdraw withdrawn'], ['expire expired']],
    ['accepted', [], []],
    ['declined', [], []],
    ['expired', [], []],
    ['withdrawn', [], []],
  ] as const)('lets happen to what is %s: %j, and after its time: %j', (status, valid, over) => {
    expect(possible(status, later)).toEqual(valid);
    expect(possible(status, before)).toEqual(over);
  });
});
