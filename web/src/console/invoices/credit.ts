/** A correction as its form holds it, what can still be taken back of each line, and what is sent. */
import type { Answer, Request } from '../../api/call.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';
import type { Invoice } from './invoice.ts';

type CreditNote = Answer<'searchCreditNotes'>['data'][number];

export interface CreditForm {
  scope: 'whole' | 'lines' | 'amount';
  /** Amounts by the position of the lines that are chosen. */
  lines?: Record<string, string>;
  amount?: string;
  reason: string;
}

export interface CreditableLine {
  line: Invoice['lines'][number];
  /** Less the discounts and what earlier notes took back. */
  left: string;
}

/** Lines of which something is left. */
export function creditableLines(
  { lines }: Pick<Invoice, 'lines'>,
  notes: readonly Pick<CreditNote, 'lines'>[],
): CreditableLine[] {
  const credited = new Map<number, bigint>();
  for (const { position, amount } of notes.flatMap((note) => note.lines)) {
    if (position === null) continue;
    credited.set(position, (credited.get(position) ?? 0n) + toNanos(amount));
  }
  return lines.flatMap((line) => {
    const taken = credited.get(line.position) ?? 0n;
    const left = toNanos(line.net_amount) - taken;
    if (left <= 0n) return [];
    return [{ line, left: taken === 0n ? line.net_amount : fromNanos(left) }];
  });
}

/** What is left of the whole invoice, with its tax. */
export function creditableTotal({ total, credited }: Pick<Invoice, 'total' | 'credited'>): string {
  return fromNanos(toNanos(total) - toNanos(credited));
}

/** The sum of the lines that are chosen. */
export function sumOfLines(lines: Record<string, string>): string {
  return fromNanos(Object.values(lines).reduce((sum, amount) => sum + toNanos(amount), 0n));
}

export function toCreditBody({
  scope,
  lines = {},
  amount = '',
  reason,
}: CreditForm): NonNullable<Request<'createCreditNote'>['body']> {
  if (scope === 'whole') return { reason };
  if (scope === 'amount') return { amount, reason };
  return {
    lines: Object.entries(lines).map(([position, part]) => ({
      position: Number(position),
      amount: part,
    })),
    reason,
  };
}
