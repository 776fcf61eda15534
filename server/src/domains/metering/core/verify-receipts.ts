/**
 * Computes every receipt of an exported file again, from what the file itself says: no database and no server is asked.
 * Says of each line what differs.
 */
import { SealedReceipt } from '@sluice/contract/receipts';
import { readCsvRecord } from '../../../platform/csv.ts';
import { formatNanos, parseNanos } from '../../../platform/money.ts';
import { parseMultiplier } from '../../../platform/multiplier.ts';
import type { Prices } from './price.ts';
import { rateAt } from './rating.ts';
import {
  fieldsOf,
  operatorColumns,
  type ReceiptShown,
  receiptColumns,
  receiptOfFields,
  sealOf,
} from './receipt-line.ts';
import type { Usage } from './usage.ts';

export interface ReceiptProblem {
  /** Counted from 1, the heading included. */
  line: number;
  requestId: string | null;
  /** Names the field and what it should be. */
  sentence: string;
}

export interface ReceiptsReport {
  receipts: number;
  /** Sums of the amounts in each currency, in nano-units. */
  totals: Map<string, bigint>;
  problems: ReceiptProblem[];
}

/** Verifies the text of a file in either format: what begins with a brace is JSON, one receipt a line. */
export function verifyReceipts(text: string): ReceiptsReport {
  const report: ReceiptsReport = { receipts: 0, totals: new Map(), problems: [] };
  const lineOf = new Map<string, number>();
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  for (const read of body.startsWith('{') ? jsonLines(body) : csvLines(body)) {
    if ('problem' in read) {
      report.problems.push({ line: read.line, requestId: null, sentence: read.problem });
      continue;
    }
    const { line, value, seal } = read;
    const parsed = SealedReceipt.safeParse(value);
    report.receipts += 1;
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const sentence = `\`${issue?.path.join('.')}\` cannot be read: ${issue?.message}`;
      report.problems.push({ line, requestId: null, sentence });
      continue;
    }
    const { seal: _, ...receipt } = parsed.data;
    const { request_id: requestId, currency } = receipt;
    const say = (sentence: string) => report.problems.push({ line, requestId, sentence });
    const earlier = lineOf.get(requestId);
    if (earlier !== undefined) say(`The same call as in line ${earlier}: it is billed once.`);
    else lineOf.set(requestId, line);
    if (seal(receipt) !== parsed.data.seal) say('The fields are not those that were sealed.');
    for (const sentence of problemsOf(receipt)) say(sentence);
    report.totals.set(currency, (report.totals.get(currency) ?? 0n) + amountOf(receipt.amount));
  }
  return report;
}

type ReadLine =
  | { line: number; problem: string }
  | { line: number; value: unknown; seal: (receipt: ReceiptShown) => string };

function* jsonLines(body: string): Generator<ReadLine> {
  let line = 0;
  for (const text of body.split('\n')) {
    line += 1;
    if (text.trim() === '') continue;
    try {
      yield { line, value: JSON.parse(text), seal: (receipt) => sealOf(fieldsOf(receipt)) };
    } catch {
      yield { line, problem: 'The line is no JSON.' };
    }
  }
}

function* csvLines(body: string): Generator<ReadLine> {
  let line = 1;
  let at = 0;
  let columns: readonly string[] | undefined;
  for (;;) {
    let record: ReturnType<typeof readCsvRecord>;
    try {
      record = readCsvRecord(body, at);
    } catch {
      yield { line, problem: 'A quote is not closed: nothing behind it can be read.' };
      return;
    }
    if (!record) return;
    const { fields } = record;
    if (line === 1) {
      columns = [receiptColumns, operatorColumns].find((known) => known.join() === fields.join());
      if (!columns) {
        yield { line, problem: 'The heading is not that of exported receipts.' };
        return;
      }
    } else if (fields.length !== columns?.length) {
      yield { line, problem: `There are ${fields.length} fields, not ${columns?.length}.` };
    } else {
      const sealed = fields.slice(0, receiptColumns.length);
      const value = { ...(receiptOfFields(sealed) as object), seal: sealed.at(-1) };
      yield { line, value, seal: () => sealOf(sealed.slice(0, -1)) };
    }
    at = record.next;
    line += record.lines;
  }
}

function* problemsOf(receipt: ReceiptShown): Generator<string> {
  const amount = amountOf(receipt.amount);
  const paid = receipt.paid_by.reduce((sum, part) => sum + amountOf(part.amount), 0n);
  const shortfall = amountOf(receipt.shortfall);
  if (paid + shortfall !== amount) {
    const rest = shortfall === 0n ? '' : ` and the shortfall of ${receipt.shortfall}`;
    const sum = formatNanos(paid + shortfall);
    yield `\`paid_by\`${rest} add up to ${sum}, \`amount\` is ${receipt.amount}.`;
  }
  if (receipt.settled_at < receipt.started_at) yield '`settled_at` is before `started_at`.';
  yield* abortProblems(receipt);
  if (receipt.prices === null) {
    if (amount !== 0n) yield `\`amount\` is ${receipt.amount}, though the call has no price.`;
    return;
  }
  yield* priceProblems(receipt, receipt.prices, amount);
}

function* priceProblems(
  receipt: ReceiptShown,
  prices: NonNullable<ReceiptShown['prices']>,
  amount: bigint,
): Generator<string> {
  const { price_above_input_tokens: bound, price_effective_from: since, usage } = receipt;
  if (since !== null && since > receipt.started_at) {
    yield '`price_effective_from` is behind `started_at`: the price was not in force.';
  }
  if (bound !== null && usage.input_tokens <= bound) {
    yield `\`price_above_input_tokens\` is ${bound}, but there are ${usage.input_tokens} tokens of input.`;
  }
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(receipt.multiplier)) {
    yield `\`multiplier\` is ${receipt.multiplier}, which is no decimal with at most 6 decimals.`;
    return;
  }
  const table = Object.fromEntries(
    Object.entries(prices).map(([position, text]) => [position, amountOf(text ?? '0')]),
  ) as unknown as Prices;
  const applied = { prices: table, tier: bound, serviceTier: receipt.service_tier };
  const rating = rateAt(
    { ...applied, currency: receipt.currency },
    usageOf(usage),
    parseMultiplier(receipt.multiplier),
  );
  if (rating.amount !== amount) {
    yield `\`amount\` is ${receipt.amount}; usage and prices make ${formatNanos(rating.amount)}.`;
  }
  if (rating.formula !== receipt.formula) yield `\`formula\` should be: ${rating.formula}`;
}

function* abortProblems({ on_abort, outcome, usage }: ReceiptShown): Generator<string> {
  if (on_abort === null) return;
  if (outcome !== 'aborted')
    yield `\`on_abort\` is of calls that were aborted, this one ${outcome}.`;
  const { policy, reported_output_tokens: reported } = on_abort;
  if (policy === 'drained' && reported !== null && usage.output_tokens !== reported) {
    yield `\`usage.output_tokens\` is ${usage.output_tokens}; drained, it is the ${reported} that were reported.`;
  }
  if (policy === 'delivered' && reported !== null && usage.output_tokens > reported) {
    yield `\`usage.output_tokens\` is ${usage.output_tokens}, more than the ${reported} that were reported.`;
  }
}

function usageOf(usage: ReceiptShown['usage']): Usage {
  return {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.cached_input_tokens,
    cacheWriteTokens: usage.cache_write_tokens,
    cacheWrite1hTokens: usage.cache_write_1h_tokens ?? 0,
    audioInputTokens: usage.audio_input_tokens ?? 0,
    imageInputTokens: usage.image_input_tokens ?? 0,
    outputTokens: usage.output_tokens,
    reasoningTokens: usage.reasoning_tokens,
    audioOutputTokens: usage.audio_output_tokens ?? 0,
    imageOutputTokens: usage.image_output_tokens ?? 0,
    searches: usage.searches ?? 0,
    estimated: usage.estimated,
  };
}

/** Amounts of the wire may have more digits than any amount of ours: such a line fails by its sum. */
function amountOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return fraction.length > 9 ? -1n : parseNanos(`${whole}${fraction && `.${fraction}`}`);
}
