import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  formatMinor,
  fromMinor,
  type MinorMoney,
  nanosPerUnit,
  parseMinor,
} from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { openAttempt, startPayment } from '../../payments/index.ts';
import { purchaseLine } from '../core/compose.ts';
import { type Invoice, payerOf } from '../core/invoice.ts';
import { type PurchaseView, titleOf } from '../core/present.ts';
import { issueInvoice } from './issue-invoice.ts';
import { getInvoice } from './read-invoices.ts';
import { requireCustomer } from './require-customer.ts';

export interface TopUpCommand {
  organizationId: string;
  amount: string;
  currency: string;
  /** Null only where a stored method is charged. */
  provider: string | null;
  means?: string | undefined;
  savesMethod?: boolean | undefined;
  methodId?: string | undefined;
  returnUrl: string | undefined;
}

/**
 * Invoices a top-up and starts its payment; invoice and attempt are committed before the provider is called.
 * @throws Refusal `amount_out_of_range`, `currency_unsupported`, `provider_unavailable`, `rule_violated`,
 *   `organization_suspended`.
 */
export async function topUpWallet(context: Context, command: TopUpCommand): Promise<PurchaseView> {
  const { organizationId, provider, means, savesMethod, methodId, returnUrl } = command;
  const total = readTopUp(command);
  const opened = await inTransaction(context, async (transaction) => {
    await requireCustomer(transaction, organizationId);
    const invoice = await issueTopUp(context, transaction, { organizationId, amount: total });
    const paymentId = await openAttempt(context, transaction, {
      organizationId,
      invoiceId: invoice.id,
      amount: total,
      ...{ provider, means, savesMethod, methodId, returnUrl },
      payer: payerOf(invoice),
      title: titleOf(invoice),
      expiresAt: invoice.dueAt,
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'wallet.top_up',
      resource: { kind: 'invoice', id: invoice.id },
      newValues: {
        ...{ amount: formatMinor(total), currency: total.currency, provider },
        ...(methodId !== undefined && { payment_method: methodId }),
      },
    });
    return { invoiceId: invoice.id, paymentId };
  });
  const payment = await startPayment(context, opened.paymentId);
  return { invoice: await getInvoice(context, { organizationId, id: opened.invoiceId }), payment };
}

/** Invoices a top-up: no tax, no discount, no credit, at the rate of now. */
export async function issueTopUp(
  context: Context,
  transaction: Transaction,
  { organizationId, amount }: { organizationId: string; amount: MinorMoney },
): Promise<Invoice> {
  const text = { code: 'top_up', params: {} } as const;
  return issueInvoice(context, transaction, {
    organizationId,
    kind: 'top_up',
    currency: amount.currency,
    lines: [purchaseLine({ kind: 'top_up', text, minor: amount.minor, isTaxed: false })],
    isExchanged: true,
  });
}

/** In major units of any currency: far below what a wallet can hold, however often it is topped up. */
const topUpMax = 10_000_000n;

/** @throws Refusal `amount_out_of_range`. */
export function readTopUp({ amount, currency }: { amount: string; currency: string }): MinorMoney {
  const total = parseMinor(amount, currency);
  if (fromMinor(total).amount <= topUpMax * nanosPerUnit) return total;
  throw new Refusal('amount_out_of_range', `Top up by at most ${topUpMax} ${currency} at once.`, {
    param: 'amount',
  });
}
