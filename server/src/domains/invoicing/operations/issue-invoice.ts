import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { addDays } from '../../../platform/time.ts';
import { type Composition, compose } from '../core/compose.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import { dueOf, type Invoice, type InvoiceKind, lapsesUnpaid } from '../core/invoice.ts';
import type { CreditLeft } from '../credit-notes-store.ts';
import { findInvoiceByBillingKey, insertInvoice, saveNumber } from '../store.ts';
import { exchangeToWallet } from './exchange-to-wallet.ts';
import { loadParties, type Parties } from './load-parties.ts';
import { numberAtEnd } from './number-at-end.ts';
import { lockCredit, useCredit } from './use-credit.ts';

/** How long a purchase may wait for its money; then the invoice is void, and money that comes is late. */
export const purchaseTermDays = 3;

/**
 * Issues an invoice: lines, discounts and tax as of now, less the customer's credit. Its number comes at the end of the
 * transaction, so read it again after that. Under a billing key that was used before it answers the first invoice and
 * changes nothing.
 * @throws Refusal `currency_unsupported`, `amount_out_of_range` where it is to be exchanged and cannot be.
 */
export async function issueInvoice(
  context: Context,
  transaction: Transaction,
  command: IssueInvoiceCommand,
): Promise<Invoice> {
  const billed = await findBilled(transaction, command);
  if (billed) return billed;
  const { organizationId, currency } = command;
  const parties = await loadParties(context, transaction, organizationId);
  const credit =
    command.kind === 'top_up' ? [] : await lockCredit(transaction, { organizationId, currency });
  const composed = compose({
    lines: command.lines,
    discounts: command.discounts ?? [],
    taxation: parties.taxation,
    credit: credit.reduce((total, { remainingMinor }) => total + remainingMinor, 0n),
  });
  invariant(composed.totalMinor >= 0n, 'what gives money back is a credit note');
  const invoice = newInvoice(context, command, { parties, composed });
  const due = dueOf(invoice);
  if (command.isExchanged && due.minor > 0n) {
    invoice.exchange = await exchangeToWallet(context, transaction, due);
  }
  return store(context, transaction, { invoice, credit, prefix: parties.prefixes.invoice });
}

async function findBilled(
  transaction: Transaction,
  { billingKey }: IssueInvoiceCommand,
): Promise<Invoice | undefined> {
  return billingKey === undefined ? undefined : findInvoiceByBillingKey(transaction, billingKey);
}

async function store(
  context: Context,
  transaction: Transaction,
  { invoice, credit, prefix }: { invoice: Invoice; credit: CreditLeft[]; prefix: string },
): Promise<Invoice> {
  const isNew = await insertInvoice(transaction, invoice);
  if (!isNew) {
    // Another process was first: its commit is what the insert has waited for.
    const first = await findInvoiceByBillingKey(transaction, invoice.billingKey ?? '');
    invariant(first, 'a billing key that is taken names an invoice');
    return first;
  }
  await useCredit(context, transaction, { invoice, credit });
  await numberAtEnd(context, transaction, {
    prefix,
    issuedAt: invoice.issuedAt,
    save: (number) => saveNumber(transaction, invoice.id, number),
  });
  return invoice;
}

function newInvoice(
  context: Context,
  command: IssueInvoiceCommand,
  { parties, composed }: { parties: Parties; composed: Composition },
): Invoice {
  const issuedAt = context.clocks.business();
  const id = newId('inv', issuedAt);
  const { lines, totalMinor, ...figures } = composed;
  const days = command.dueInDays ?? termOf(command.kind, parties);
  return {
    id,
    number: null,
    organizationId: command.organizationId,
    kind: command.kind,
    reference: command.reference ?? id,
    billingKey: command.billingKey ?? null,
    status: 'open',
    seller: parties.seller,
    customer: parties.customer,
    lines: lines.map(({ details, period, isTaxed: _isTaxed, ...line }) => ({
      ...line,
      details: details ?? [],
      period: period ?? null,
    })),
    period: command.period ?? null,
    ...figures,
    taxTreatment: parties.taxation.treatment,
    total: { minor: totalMinor, currency: command.currency },
    creditedMinor: 0n,
    creditedTaxMinor: 0n,
    creditedDueMinor: 0n,
    exchange: null,
    issuedAt,
    dueAt: addDays(issuedAt, days, context.config.timeZone),
    overdueAt: null,
    askedAt: null,
    paidAt: null,
    voidedAt: null,
    writtenOffAt: null,
  };
}

function termOf(kind: InvoiceKind, { paymentTermsDays }: Parties): number {
  return lapsesUnpaid(kind) ? purchaseTermDays : paymentTermsDays;
}
