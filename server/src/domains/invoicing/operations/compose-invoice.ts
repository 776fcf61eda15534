import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { addDays } from '../../../platform/time.ts';
import { type Composition, compose } from '../core/compose.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import {
  type DraftTerms,
  dueOf,
  type Invoice,
  type InvoiceKind,
  lapsesUnpaid,
} from '../core/invoice.ts';
import type { CreditLeft } from '../credit-notes-store.ts';
import { exchangeToWallet } from './exchange-to-wallet.ts';
import { loadParties, type Parties } from './load-parties.ts';
import { lockCredit } from './use-credit.ts';

/** How long a purchase may wait for its money; then the invoice is void, and money that comes is late. */
export const purchaseTermDays = 3;

export interface ComposedInvoice {
  invoice: Invoice;
  /** What it uses up, oldest first, behind the organization's lock. */
  credit: CreditLeft[];
  /** Of its number. */
  prefix: string;
}

/**
 * An invoice as of now, of a new id, not stored yet. A draft uses no credit and freezes no rate.
 * @throws Refusal `rule_violated` where it would give money back; `currency_unsupported`, `amount_out_of_range` where it
 *   is to be exchanged and cannot be.
 */
export async function composeInvoice(
  context: Context,
  transaction: Transaction,
  { command, status }: { command: IssueInvoiceCommand; status: 'draft' | 'open' },
): Promise<ComposedInvoice> {
  const { organizationId, currency } = command;
  const parties = await loadParties(context, transaction, organizationId);
  const usesCredit = status === 'open' && command.kind !== 'top_up';
  const credit = usesCredit ? await lockCredit(transaction, { organizationId, currency }) : [];
  const composed = compose({
    lines: command.lines,
    discounts: command.discounts ?? [],
    taxation: parties.taxation,
    credit: credit.reduce((total, { remainingMinor }) => total + remainingMinor, 0n),
  });
  if (composed.totalMinor < 0n) {
    throw new Refusal(
      'rule_violated',
      'These lines come to less than nothing: give money back by a credit note.',
      { param: 'lines' },
    );
  }
  const invoice = newInvoice(context, command, { parties, composed, status });
  const due = dueOf(invoice);
  if (command.isExchanged && due.minor > 0n) {
    invoice.exchange = await exchangeToWallet(context, transaction, due);
  }
  return { invoice, credit, prefix: parties.prefixes.invoice };
}

/** What a draft was made of. */
export function commandOf(draft: Invoice): IssueInvoiceCommand {
  const { organizationId, kind, reference, billingKey, period, total } = draft;
  const terms: Partial<DraftTerms> = draft.draft ?? {};
  const { discounts = [], taxed = [], dueInDays, isExchanged = false, isWaiting } = terms;
  return {
    ...{ organizationId, kind, reference, discounts, isExchanged },
    currency: total.currency,
    lines: draft.lines.map((line, position) => {
      const { period: linePeriod, ...what } = line;
      const isTaxed = taxed[position] ?? false;
      return { ...what, isTaxed, ...(linePeriod && { period: linePeriod }) };
    }),
    ...(isWaiting && { isWaiting }),
    ...(billingKey !== null && { billingKey }),
    ...(period && { period }),
    ...(typeof dueInDays === 'number' && { dueInDays }),
  };
}

interface InvoiceParts {
  parties: Parties;
  composed: Composition;
  status: 'draft' | 'open';
}

function newInvoice(
  context: Context,
  command: IssueInvoiceCommand,
  { parties, composed, status }: InvoiceParts,
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
    status,
    draft: status === 'draft' ? draftTermsOf(command) : null,
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

function draftTermsOf({
  lines,
  discounts,
  dueInDays,
  isExchanged,
  isWaiting,
}: IssueInvoiceCommand): DraftTerms {
  return {
    discounts: discounts ?? [],
    taxed: lines.map(({ isTaxed }) => isTaxed),
    dueInDays: dueInDays ?? null,
    isExchanged: isExchanged ?? false,
    ...(isWaiting && { isWaiting }),
  };
}

function termOf(kind: InvoiceKind, { paymentTermsDays }: Parties): number {
  return lapsesUnpaid(kind) ? purchaseTermDays : paymentTermsDays;
}
