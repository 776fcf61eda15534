/** An invoice written by hand as its form holds it, and as the contract takes it. */
import type { Request } from '../../api/call.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';
import type { Invoice } from './invoice.ts';

export interface LineForm {
  description: string;
  /** Left empty: one. */
  quantity?: string;
  unit_amount: string;
  taxed?: boolean;
}

export interface InvoiceForm {
  organization: string;
  currency?: string;
  lines: LineForm[];
  due_in_days?: number | null;
  keep: 'draft' | 'wait' | 'issue';
}

export const emptyLine: Partial<LineForm> = { quantity: '1', taxed: true };

/** More than zero, at most nine decimals. */
export const quantityPattern = /^(?=.*[1-9])(0|[1-9]\d*)(\.\d{1,9})?$/;

/** May be below zero, for what is taken off. */
export const unitAmountPattern = /^-?(0|[1-9]\d*)(\.\d{1,9})?$/;

export function toInvoiceBody(form: InvoiceForm): NonNullable<Request<'createInvoice'>['body']> {
  const { organization, currency, keep } = form;
  return {
    organization,
    ...(currency && { currency }),
    ...toDraftChange(form),
    draft: keep === 'draft',
    ...(keep === 'wait' && { with_next_invoice: true }),
  };
}

export function toDraftChange({
  lines,
  due_in_days: days,
}: Pick<InvoiceForm, 'lines' | 'due_in_days'>) {
  return {
    lines: lines.map(toLine),
    ...(typeof days === 'number' && { due_in_days: days }),
  };
}

function toLine({ description, quantity, unit_amount, taxed }: LineForm) {
  return { description, ...(quantity && { quantity }), unit_amount, taxed: taxed ?? true };
}

/** A draft as it was written. */
export function invoiceFormOf({ organization, currency, lines, draft }: Invoice): InvoiceForm {
  return {
    organization,
    currency,
    lines: lines.map(({ text, description, quantity, unit_amount }, position) => ({
      description: text.params.text ?? description,
      quantity,
      unit_amount,
      taxed: draft?.taxed[position] ?? true,
    })),
    due_in_days: draft?.due_in_days ?? null,
    keep: 'draft',
  };
}

const nanosPerUnit = 1_000_000_000n;

/** The sum before tax; undefined while a line is not written to its end. */
export function subtotalOf(lines: readonly (Partial<LineForm> | undefined)[]): string | undefined {
  let sum = 0n;
  for (const line of lines) {
    const { quantity, unit_amount: price = '' } = line ?? {};
    const count = quantity || '1';
    if (!quantityPattern.test(count) || !unitAmountPattern.test(price)) return undefined;
    sum += toNanos(count) * toNanos(price);
  }
  return fromNanos(sum / nanosPerUnit);
}
