/** What an invoice's state rules out, so that its buttons can say why before the server does. */
import { isPayable } from '../../features/invoice/invoice.ts';
import { toNanos } from '../../ui/decimal.ts';
import type { Invoice } from './invoice.ts';

type Block =
  | 'not_open'
  | 'nothing_due'
  | 'lapses'
  | 'top_up'
  | 'closed'
  | 'unpaid_package'
  | 'all_credited';
type Blocks = Partial<Record<'mark' | 'record' | 'credit' | 'void' | 'write_off', Block>>;

type Standing = Pick<Invoice, 'kind' | 'status' | 'overdue' | 'total' | 'credited' | 'due'>;

export function blocksOf(invoice: Standing): Blocks {
  const isOpen = invoice.status === 'open';
  const credit = creditBlockOf(invoice);
  return {
    ...(!isPayable(invoice) && { mark: 'nothing_due' as const }),
    ...(!isOpen && { record: 'not_open' as const, void: 'not_open' as const }),
    ...writeOffBlock(invoice),
    ...(credit && { credit }),
  };
}

function writeOffBlock({ kind, status }: Pick<Invoice, 'kind' | 'status'>): Blocks {
  if (status !== 'open') return { write_off: 'not_open' };
  return kind === 'top_up' || kind === 'package' ? { write_off: 'lapses' } : {};
}

function creditBlockOf({
  kind,
  status,
  total,
  credited,
}: Pick<Invoice, 'kind' | 'status' | 'total' | 'credited'>): Block | undefined {
  if (kind === 'top_up') return 'top_up';
  if (status === 'void' || status === 'uncollectible') return 'closed';
  if (status === 'open' && kind === 'package') return 'unpaid_package';
  return toNanos(credited) >= toNanos(total) ? 'all_credited' : undefined;
}
