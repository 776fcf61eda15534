/** Invoices as the contract shows them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/invoicing';
import { formatMinor } from '../../../platform/money.ts';
import type { Invoice } from './invoice.ts';

export type InvoiceView = AnswerOf<typeof endpoints.getInvoice>;
export type PurchaseView = AnswerOf<typeof endpoints.topUpWallet>;

export function presentInvoice(invoice: Invoice): InvoiceView {
  const { total, exchange } = invoice;
  return {
    id: invoice.id,
    number: invoice.number,
    kind: invoice.kind,
    status: invoice.status,
    currency: total.currency,
    total: formatMinor(total),
    lines: invoice.lines.map(({ description, quantity, unit, amount }) => ({
      description,
      quantity,
      unit_amount: formatMinor(unit),
      amount: formatMinor(amount),
    })),
    exchange: exchange && {
      currency: exchange.amount.currency,
      rate: exchange.rate,
      amount: formatMinor(exchange.amount),
    },
    issued_at: invoice.issuedAt.toISOString(),
    due_at: invoice.dueAt.toISOString(),
    paid_at: invoice.paidAt?.toISOString() ?? null,
  };
}
