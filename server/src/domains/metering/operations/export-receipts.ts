/** Receipts as a file, a batch at a time: the next one is read when the last was sent. */
import type { Context } from '../../../platform/context.ts';
import { csvLine } from '../../../platform/csv.ts';
import { csvLineOf, jsonLineOf, receiptColumns } from '../core/receipt-line.ts';
import { presentReceipt } from '../present-receipt.ts';
import type { UsageFilter } from '../store.ts';
import { listReceipts } from './read-receipts.ts';

const batchSize = 500;
/** So that a spreadsheet reads the text as UTF-8. */
const byteOrderMark = '\ufeff';

export async function* exportReceipts(
  { replica }: Context,
  filter: Omit<UsageFilter, 'before' | 'limit'> & { organizationId: string },
  format: 'csv' | 'jsonl',
): AsyncGenerator<string> {
  if (format === 'csv') yield byteOrderMark + csvLine(receiptColumns);
  const lineOf = format === 'csv' ? csvLineOf : jsonLineOf;
  const database = await replica.choose();
  let before: string | undefined;
  for (;;) {
    const batch = await listReceipts(database, { ...filter, before, limit: batchSize });
    if (batch.length > 0) yield batch.map((record) => lineOf(presentReceipt(record))).join('');
    before = batch.at(-1)?.usage.request_id;
    if (batch.length < batchSize) return;
  }
}
