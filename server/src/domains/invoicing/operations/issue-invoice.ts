import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import type { MinorMoney } from '../../../platform/money.ts';
import { addDays, dayOf } from '../../../platform/time.ts';
import { type Exchange, formatNumber, type Invoice } from '../core/invoice.ts';
import { insertInvoice, takeNumber } from '../store.ts';

/** How long a purchase may wait for its money; then the invoice is void, and money that comes is late. */
const termDays = 3;

export interface IssueInvoiceCommand {
  organizationId: string;
  kind: Invoice['kind'];
  /** What it is for; the invoice itself when left out. */
  reference?: string;
  description: string;
  total: MinorMoney;
  exchange: Exchange | null;
}

/**
 * Issues an invoice of one line under the next number. The number's row stays locked until the commit, so issue first
 * and lock funds after.
 */
export async function issueInvoice(
  context: Context,
  transaction: Transaction,
  command: IssueInvoiceCommand,
): Promise<Invoice> {
  const { organizationId, kind, total, exchange } = command;
  const { timeZone } = context.config;
  const issuedAt = context.clocks.business();
  const year = Number(dayOf(issuedAt, timeZone).slice(0, 4));
  const id = newId('inv', issuedAt);
  const invoice: Invoice = {
    id,
    number: formatNumber(year, await takeNumber(transaction, year)),
    organizationId,
    kind,
    reference: command.reference ?? id,
    status: 'open',
    total,
    lines: [{ description: command.description, quantity: 1, unit: total, amount: total }],
    exchange,
    issuedAt,
    dueAt: addDays(issuedAt, termDays, timeZone),
    paidAt: null,
  };
  await insertInvoice(transaction, invoice);
  return invoice;
}
