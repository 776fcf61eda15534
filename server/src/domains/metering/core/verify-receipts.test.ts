import { describe, expect, test } from 'vitest';
import { csvLine } from '../../../platform/csv.ts';
import { csvLineOf, jsonLineOf, type ReceiptShown, receiptColumns } from './receipt-line.ts';
import { verifyReceipts } from './verify-receipts.ts';

const receipt = (changes: Partial<ReceiptShown> = {}): ReceiptShown => ({
  request_id: 'req_one',
  model: 'gpt-4o-mini',
  api_key: 'key_one',
  application: null,
  user: 'usr_one',
  cost_center: null,
  tags: ['team:a', 'x'],
  meters: {},
  usage: {
    ...{ input_tokens: 1000, cached_input_tokens: 200, cache_write_tokens: 100 },
    ...{ output_tokens: 300, reasoning_tokens: 0, cache_write_1h_tokens: 50, searches: 2 },
    estimated: false,
  },
  price: 'mpr_one',
  prices: {
    input: '2.50',
    cached_input: '1.25',
    cache_write_1h: '5.00',
    output: '10.00',
    search: '0.01',
  },
  price_effective_from: '2026-01-01T00:00:00.000Z',
  price_above_input_tokens: 900,
  service_tier: 'flex',
  multiplier: '1.25',
  on_abort: { policy: 'delivered', delivered_output_tokens: 300, reported_output_tokens: 400 },
  formula:
    'flex tier, above 900 input tokens: ((700 input × 2.50 + 200 cached input × 1.25 + 50 cache write × 2.50 + 50 cache write (1 h) × 5.00 + 300 output × 10.00) ÷ 1,000,000 + 2 searches × 0.01) × 1.25 = 0.03171875 USD',
  amount: '0.03171875',
  currency: 'USD',
  paid_by: [
    { kind: 'allowance', id: 'alw_one', amount: '0.03' },
    { kind: 'wallet', id: 'wal_one', amount: '0.00071875' },
  ],
  shortfall: '0.001',
  late: false,
  outcome: 'aborted',
  started_at: '2026-03-04T15:50:00.000Z',
  settled_at: '2026-03-04T15:50:01.000Z',
  latency_ms: 812,
  first_token_ms: null,
  ...changes,
});

const plain = receipt({
  request_id: 'req_two',
  ...{ model: '=HYPERLINK("http://x")', user: null, tags: [], service_tier: null },
  usage: {
    ...{ input_tokens: 12, cached_input_tokens: 0, cache_write_tokens: 0 },
    ...{ output_tokens: 34, reasoning_tokens: 0, estimated: true },
  },
  ...{ prices: { input: '0.15', output: '0.60' }, price_above_input_tokens: null, multiplier: '1' },
  formula: '(12 input × 0.15 + 34 output × 0.60) ÷ 1,000,000 = 0.0000222 USD',
  ...{ amount: '0.0000222', on_abort: null, outcome: 'completed', shortfall: '0.00' },
  paid_by: [{ kind: 'wallet', id: 'wal_one', amount: '0.0000222' }],
});
const ofMeters = receipt({
  ...{ request_id: 'req_three', model: null, meters: { 'medical.scans': '3' } },
  ...{ price: null, prices: null, price_effective_from: null, price_above_input_tokens: null },
  ...{ service_tier: null, multiplier: '1', formula: null, on_abort: null, outcome: 'completed' },
  ...{ amount: '0.00', paid_by: [], shortfall: '0.00' },
});
const all = [receipt(), plain, ofMeters];
const csv = (receipts: readonly ReceiptShown[]) =>
  `\ufeff${csvLine(receiptColumns)}${receipts.map(csvLineOf).join('')}`;
const jsonl = (receipts: readonly ReceiptShown[]) => receipts.map(jsonLineOf).join('');
const sentencesOf = (text: string) => verifyReceipts(text).problems.map(({ sentence }) => sentence);

describe('verifyReceipts', () => {
  test.each([csv(all), jsonl(all)])('finds nothing in a file as it was exported', (text) => {
    const { receipts, totals, problems } = verifyReceipts(text);
    expect(problems).toEqual([]);
    expect(receipts).toBe(3);
    expect(totals).toEqual(new Map([['USD', 31_740_950n]]));
  });

  test('keeps spreadsheets from running what a file holds', () => {
    expect(csvLineOf(plain)).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  test.each(receiptColumns.map((column, index) => [column, index] as const))(
    'finds a change of %s in CSV, and names the line',
    (_column, index) => {
      for (const [at, shown] of all.entries()) {
        const lines = csv(all).split('\r\n');
        const fields = csvFields(csvLineOf(shown));
        fields[index] = /^\d+$/.test(fields[index] ?? '')
          ? `${fields[index]}1`
          : `${fields[index]}x`;
        lines[at + 1] = csvLine(fields).trimEnd();
        const { problems } = verifyReceipts(lines.join('\r\n'));
        expect(problems[0]?.line).toBe(at + 2);
      }
    },
  );

  test('finds a change of any value in JSON', () => {
    const [line = ''] = jsonl([receipt()]).split('\n');
    const leaves = [...line.matchAll(/:("(?:[^"\\]|\\.)*"|\d+|true|false|null)/g)];
    expect(leaves.length).toBeGreaterThan(40);
    for (const { index, 1: value = '' } of leaves) {
      const at = index + 1;
      const other = /^\d/.test(value) ? `${value}1` : value === 'null' ? '"x"' : '"xyz"';
      const changed = line.slice(0, at) + other + line.slice(at + value.length);
      expect(sentencesOf(changed), changed.slice(at - 30, at + 20)).not.toEqual([]);
    }
  });

  test('computes again what was sealed wrong', () => {
    expect(sentencesOf(jsonl([{ ...plain, amount: '0.0000223' }]))).toEqual([
      '`paid_by` add up to 0.0000222, `amount` is 0.0000223.',
      '`amount` is 0.0000223; usage and prices make 0.0000222.',
    ]);
    expect(sentencesOf(jsonl([{ ...receipt(), shortfall: '0.002' }]))).toEqual([
      '`paid_by` and the shortfall of 0.002 add up to 0.03271875, `amount` is 0.03171875.',
    ]);
    const rounded = { ...plain, formula: `${plain.formula}, rounded` };
    expect(sentencesOf(jsonl([rounded]))).toEqual([`\`formula\` should be: ${plain.formula}`]);
    expect(sentencesOf(jsonl([{ ...ofMeters, amount: '0.01' }]))).toContain(
      '`amount` is 0.01, though the call has no price.',
    );
    const early = { ...plain, price_effective_from: '2026-04-01T00:00:00.000Z' };
    expect(sentencesOf(jsonl([early]))).toEqual([
      '`price_effective_from` is behind `started_at`: the price was not in force.',
    ]);
    const abort = {
      policy: 'drained' as const,
      delivered_output_tokens: 1,
      reported_output_tokens: 400,
    };
    expect(sentencesOf(jsonl([{ ...receipt(), on_abort: abort }]))).toEqual([
      '`usage.output_tokens` is 300; drained, it is the 400 that were reported.',
    ]);
  });

  test('finds a call that is billed twice', () => {
    expect(verifyReceipts(csv([plain, ofMeters, plain])).problems).toEqual([
      { line: 4, requestId: 'req_two', sentence: 'The same call as in line 2: it is billed once.' },
    ]);
  });

  test('says which line cannot be read', () => {
    expect(sentencesOf(`${jsonl([plain])}{"request_id":\n`)).toEqual(['The line is no JSON.']);
    expect(sentencesOf('a,b\r\n1,2\r\n')).toEqual([
      'The heading is not that of exported receipts.',
    ]);
    const short = csv([plain]).replace(/,[0-9a-f]{64}\r\n$/, '\r\n');
    expect(sentencesOf(short)).toEqual([
      `There are ${receiptColumns.length - 1} fields, not ${receiptColumns.length}.`,
    ]);
    expect(sentencesOf(`${csvLine(receiptColumns)}"req`)).toEqual([
      'A quote is not closed: nothing behind it can be read.',
    ]);
  });
});

function csvFields(line: string): string[] {
  const fields: string[] = [];
  for (const [, quoted, bare] of line.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
  }
  return fields;
}
