import { SealedReceipt } from '@sluice/contract/receipts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine, readCsvRecord } from '../../../platform/csv.ts';
import { formatNanos } from '../../../platform/money.ts';
import { formatMultiplier } from '../../../platform/multiplier.ts';
import type { Prices } from './price.ts';
import { rateAt } from './rating.ts';
import {
  csvLineOf,
  fieldsOf,
  jsonLineOf,
  type ReceiptShown,
  receiptColumns,
} from './receipt-line.ts';
import type { Usage } from './usage.ts';
import { verifyReceipts } from './verify-receipts.ts';

const count = fc.nat({ max: 2_000_000 });
const nanos = fc.bigInt({ min: 0n, max: 10n ** 12n });
const positions = [
  ...(['cached_input', 'cache_write', 'cache_write_1h', 'reasoning', 'image'] as const),
  ...(['image_output', 'audio_input', 'audio_output', 'search', 'request'] as const),
];
const prices: fc.Arbitrary<Prices> = fc.record(
  {
    ...{ input: nanos, output: nanos },
    ...(Object.fromEntries(positions.map((name) => [name, nanos])) as Record<
      (typeof positions)[number],
      typeof nanos
    >),
  },
  { requiredKeys: ['input', 'output'] },
);
const usage: fc.Arbitrary<Usage> = fc.record({
  ...{ inputTokens: count, cachedInputTokens: count, cacheWriteTokens: count },
  ...{ cacheWrite1hTokens: count, audioInputTokens: count, imageInputTokens: count },
  ...{ outputTokens: count, reasoningTokens: count, audioOutputTokens: count },
  ...{ imageOutputTokens: count, searches: fc.nat({ max: 20 }), estimated: fc.boolean() },
});
const text = fc.string({ unit: 'binary', maxLength: 20 });
const rated = fc.record({
  ...{ prices, usage, model: text, cuts: fc.array(fc.nat({ max: 100 }), { maxLength: 3 }) },
  multiplier: fc.oneof(fc.constant(1_000_000n), fc.bigInt(0n, 20_000_000n)),
  tags: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_.:=@-]{1,10}$/), { maxLength: 3 }),
});

function receiptOf(call: typeof rated extends fc.Arbitrary<infer T> ? T : never, index: number) {
  const { usage: used, multiplier } = call;
  const applied = { prices: call.prices, tier: null, serviceTier: null, currency: 'USD' };
  const { amount, formula } = rateAt(applied, used, multiplier);
  let rest = amount;
  const paid = call.cuts.map((cut, at) => {
    const part = (rest * BigInt(cut)) / 100n;
    rest -= part;
    return { kind: 'grant' as const, id: `grt_${at}`, amount: formatNanos(part) };
  });
  const shown = Object.entries(call.prices).map(([name, price]) => [name, formatNanos(price)]);
  const receipt: ReceiptShown = {
    ...{ request_id: `req_${index}`, model: call.model, api_key: null, application: null },
    ...{ user: null, cost_center: null, tags: call.tags, meters: {} },
    usage: {
      ...{ input_tokens: used.inputTokens, cached_input_tokens: used.cachedInputTokens },
      ...{ cache_write_tokens: used.cacheWriteTokens, output_tokens: used.outputTokens },
      ...{ reasoning_tokens: used.reasoningTokens, estimated: used.estimated },
      cache_write_1h_tokens: used.cacheWrite1hTokens,
      audio_input_tokens: used.audioInputTokens,
      image_input_tokens: used.imageInputTokens,
      audio_output_tokens: used.audioOutputTokens,
      image_output_tokens: used.imageOutputTokens,
      searches: used.searches,
    },
    ...{ price: 'mpr_one', prices: Object.fromEntries(shown), service_tier: null, on_abort: null },
    ...{ price_effective_from: '2026-01-01T00:00:00.000Z', price_above_input_tokens: null },
    ...{ multiplier: formatMultiplier(multiplier), formula, amount: formatNanos(amount) },
    ...{ currency: 'USD', paid_by: paid, shortfall: formatNanos(rest), late: false },
    ...{ outcome: 'completed', started_at: '2026-03-04T15:50:00.000Z' },
    ...{ settled_at: '2026-03-04T15:50:01.000Z', latency_ms: 1, first_token_ms: null },
  };
  return receipt;
}

/** The fields of the only receipt of a file. */
function read(file: string): string[] {
  if (file.startsWith('{')) return fieldsOf(SealedReceipt.parse(JSON.parse(file)));
  const heading = readCsvRecord(file, 0);
  return readCsvRecord(file, heading?.next ?? 0)?.fields ?? [];
}

describe('verifyReceipts', () => {
  test.each([undefined, 11])('finds nothing in what was rated, whatever it was', (seed) => {
    const property = fc.property(fc.array(rated, { maxLength: 4 }), (calls) => {
      const receipts = calls.map(receiptOf);
      const csv = csvLine(receiptColumns) + receipts.map(csvLineOf).join('');
      expect(verifyReceipts(csv).problems).toEqual([]);
      expect(verifyReceipts(receipts.map(jsonLineOf).join('')).problems).toEqual([]);
    });
    fc.assert(property, { numRuns: 300, ...(seed !== undefined && { seed }) });
  });

  test.each([undefined, 12])('throws for no text at all, and finds every change', (seed) => {
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), text });
    const property = fc.property(
      rated,
      change,
      fc.boolean(),
      text,
      (call, { at, text }, isCsv, any) => {
        verifyReceipts(any);
        const receipt = receiptOf(call, 1);
        const file = isCsv ? csvLine(receiptColumns) + csvLineOf(receipt) : jsonLineOf(receipt);
        const place = Math.floor(at * (file.length - 2));
        const changed = file.slice(0, place) + text + file.slice(place + text.length);
        const { problems, receipts } = verifyReceipts(changed);
        // Nothing to find is only where the same is read, such as from a field that was put into quotes.
        if (problems.length === 0 && receipts === 1) expect(read(changed)).toEqual(read(file));
      },
    );
    fc.assert(property, { numRuns: 500, ...(seed !== undefined && { seed }) });
  });
});
