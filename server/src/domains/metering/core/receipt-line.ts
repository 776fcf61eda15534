/**
 * A receipt as one line of a file, in CSV or JSON, with the same fields in both: everything that its amount is computed
 * from. Each line is sealed by the hash of its fields, so that an edit shows wherever it was made; who computes seals anew
 * is found by the receipt on the server.
 */
import { createHash } from 'node:crypto';
import type { Receipt } from '@sluice/contract/receipts';
import type { z } from 'zod';
import { csvLine, inertText } from '../../../platform/csv.ts';

export type ReceiptShown = z.output<typeof Receipt>;

const usageParts = [
  ...(['input_tokens', 'cached_input_tokens', 'cache_write_tokens'] as const),
  ...(['cache_write_1h_tokens', 'audio_input_tokens', 'image_input_tokens'] as const),
  ...(['output_tokens', 'reasoning_tokens', 'audio_output_tokens'] as const),
  ...(['image_output_tokens', 'searches', 'estimated'] as const),
];
const pricePositions = [
  ...(['input', 'cached_input', 'cache_write', 'cache_write_1h', 'audio_input', 'image'] as const),
  ...(['output', 'reasoning', 'audio_output', 'image_output', 'search', 'request'] as const),
];
const before = [
  ...(['request_id', 'started_at', 'settled_at', 'model', 'api_key', 'application'] as const),
  ...(['user', 'cost_center', 'outcome', 'late'] as const),
];
const ofPrice = [
  ...(['price', 'price_effective_from', 'price_above_input_tokens', 'service_tier'] as const),
  ...(['multiplier', 'formula', 'amount', 'currency', 'shortfall'] as const),
];
const ofTime = ['latency_ms', 'first_token_ms'] as const;
const ofAbort = ['policy', 'delivered_output_tokens', 'reported_output_tokens'] as const;

/** Columns of a file in CSV, in their order; the seal is over all others. */
export const receiptColumns: readonly string[] = [
  ...before,
  ...['tags', 'meters'],
  ...usageParts,
  ...ofPrice,
  ...pricePositions.map((position) => `price_${position}`),
  'paid_by',
  ...ofAbort.map((name) => `on_abort_${name}`),
  ...ofTime,
  'seal',
];

/** What operators read beside a receipt; the seal is not over it. */
const ofOperator = ['organization', 'channel', 'cost', 'margin'] as const;
type OperatorReceipt = ReceiptShown & Record<(typeof ofOperator)[number], string | null>;

/** Columns of an operator's file in CSV: those of a customer's, and behind them what only operators see. */
export const operatorColumns: readonly string[] = [...receiptColumns, ...ofOperator];

/** The fields as texts, without the seal. What a spreadsheet would run is made text, in either format. */
export function fieldsOf(receipt: ReceiptShown): string[] {
  const { usage, prices, on_abort } = receipt;
  const fields = [
    ...before.map((name) => receipt[name]),
    receipt.tags.join(' '),
    Object.entries(receipt.meters)
      .map(([meter, quantity]) => `${meter}=${quantity}`)
      .join(' '),
    ...usageParts.map((name) => usage[name]),
    ...ofPrice.map((name) => receipt[name]),
    ...pricePositions.map((position) => prices?.[position]),
    receipt.paid_by.map(({ kind, id, amount }) => `${kind}:${id}:${amount}`).join(' '),
    ...ofAbort.map((name) => on_abort?.[name]),
    ...ofTime.map((name) => receipt[name]),
  ];
  return fields.map((field) => inertText(String(field ?? '')));
}

export function sealOf(fields: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

export function csvLineOf(receipt: ReceiptShown): string {
  const fields = fieldsOf(receipt);
  return csvLine([...fields, sealOf(fields)]);
}

export function operatorCsvLine(receipt: OperatorReceipt): string {
  const fields = fieldsOf(receipt);
  const more = ofOperator.map((name) => inertText(receipt[name] ?? ''));
  return csvLine([...fields, sealOf(fields), ...more]);
}

/**
 * With what else there is of the call, for operators. The bill as it was made; that it was rated again is told by the
 * receipt on the server.
 */
export function jsonLineOf({ rerated: _, ...receipt }: ReceiptShown): string {
  return `${JSON.stringify({ ...receipt, seal: sealOf(fieldsOf(receipt)) })}\n`;
}

/** The receipt that a line in CSV tells of; its values are as unproven as the line. */
export function receiptOfFields(fields: readonly string[]): unknown {
  const record = Object.fromEntries(
    receiptColumns.map((column, index) => [column, fields[index] ?? '']),
  );
  const text = (name: string) => record[name] ?? '';
  const textOrNull = (name: string) => (text(name) === '' ? null : text(name));
  const numberOrNull = (name: string) => (text(name) === '' ? null : Number(text(name)));
  const listOf = (name: string) => text(name).split(' ').filter(Boolean);
  const prices = Object.fromEntries(
    pricePositions.flatMap((position) => {
      const price = textOrNull(`price_${position}`);
      return price === null ? [] : [[position, price]];
    }),
  );
  return {
    ...Object.fromEntries([...before, ...ofPrice].map((name) => [name, textOrNull(name)])),
    ...Object.fromEntries(ofTime.map((name) => [name, numberOrNull(name)])),
    late: booleanOf(text('late')),
    price_above_input_tokens: numberOrNull('price_above_input_tokens'),
    tags: listOf('tags'),
    meters: Object.fromEntries(listOf('meters').map((meter) => meter.split('='))),
    usage: {
      ...Object.fromEntries(
        usageParts.flatMap((name) => (text(name) === '' ? [] : [[name, Number(text(name))]])),
      ),
      estimated: booleanOf(text('estimated')),
    },
    prices: Object.keys(prices).length === 0 ? null : prices,
    paid_by: listOf('paid_by').map((part) => {
      const [kind, id, amount] = part.split(':');
      return { kind, id, amount };
    }),
    on_abort:
      textOrNull('on_abort_policy') === null
        ? null
        : {
            policy: text('on_abort_policy'),
            delivered_output_tokens: numberOrNull('on_abort_delivered_output_tokens'),
            reported_output_tokens: numberOrNull('on_abort_reported_output_tokens'),
          },
  };
}

function booleanOf(text: string): unknown {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}
