import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { fromMinor, type MinorMoney } from '../../../platform/money.ts';
import { readWallet } from '../../ledger/index.ts';
import { payAtOnce } from '../../payments/index.ts';
import type { Collection } from '../core/doors.ts';
import { dueOf, type Invoice, takesMoney } from '../core/invoice.ts';
import { titleOf } from '../core/present.ts';
import { askForPayment } from './ask-for-payment.ts';
import { chargeInvoice } from './charge-invoice.ts';
import { exchangeToWallet } from './exchange-to-wallet.ts';
import { requireLocked, settleCovered } from './settle-covered.ts';

/**
 * Collects what is due on an invoice: from the wallet where it may and covers, from a stored method where one is named,
 * else by a mail that says where to pay, once. Repeating it pays and mails nothing twice.
 */
export async function collectInvoice(
  context: Context,
  command: { invoiceId: string; mayUseWallet: boolean; methodId?: string | null },
): Promise<Collection> {
  const { invoiceId, methodId } = command;
  if (command.mayUseWallet) {
    const paid = await payFromWallet(context, invoiceId);
    if (paid) return paid;
  }
  const charge = methodId ? await chargeInvoice(context, { invoiceId, methodId }) : undefined;
  if (charge && charge.collection !== 'asked') return charge.collection;
  return inTransaction(context, async (transaction) => {
    const invoice = await requireLocked(transaction, invoiceId);
    const settled = await settleCovered(context, transaction, invoice);
    if (settled) return settled;
    if (!invoice.askedAt) await askForPayment(context, transaction, invoice, charge?.reason);
    return 'asked';
  });
}

/** Undefined where the wallet is short, or has no rate for the invoice's currency. */
async function payFromWallet(context: Context, invoiceId: string): Promise<Collection | undefined> {
  try {
    return await inTransaction(context, async (transaction) => {
      const invoice = await requireLocked(transaction, invoiceId);
      const settled = await settleCovered(context, transaction, invoice);
      if (settled) return settled;
      await chargeWallet(context, transaction, invoice);
      return 'paid';
    });
  } catch (error) {
    const isShort =
      error instanceof Refusal &&
      ['insufficient_funds', 'currency_unsupported', 'amount_out_of_range'].includes(error.code);
    if (isShort) return undefined;
    throw error;
  }
}

/**
 * As `collectInvoice` from the wallet, within a transaction that does more: answers false, having changed nothing,
 * where the wallet is short or has no rate for the invoice's currency. `beforePaying` runs where it goes ahead.
 */
export async function payFromWalletWithin(
  context: Context,
  transaction: Transaction,
  { invoiceId, beforePaying }: { invoiceId: string; beforePaying: () => Promise<void> },
): Promise<boolean> {
  const invoice = await requireLocked(transaction, invoiceId);
  const due = dueOf(invoice);
  const isCollected = takesMoney(invoice, context.clocks.business()) && due.minor > 0n;
  if (isCollected && !(await isCovered(context, transaction, invoice, due))) return false;
  await beforePaying();
  if (isCollected) await chargeWallet(context, transaction, invoice);
  else await settleCovered(context, transaction, invoice);
  return true;
}

async function isCovered(
  context: Context,
  transaction: Transaction,
  { organizationId }: Invoice,
  due: MinorMoney,
): Promise<boolean> {
  if (due.currency !== context.config.usageCurrency) return false;
  const { available } = await readWallet(transaction, organizationId);
  return available >= fromMinor(due).amount;
}

/**
 * Pays what is due on a locked invoice from the wallet, at the operator's rate of now; answers the payment's id.
 * @throws Refusal `insufficient_funds`, `currency_unsupported`, `amount_out_of_range`.
 */
export async function chargeWallet(
  context: Context,
  transaction: Transaction,
  invoice: Invoice,
): Promise<string> {
  const due = dueOf(invoice);
  const exchange = await exchangeToWallet(context, transaction, due);
  const payment = await payAtOnce(context, transaction, {
    organizationId: invoice.organizationId,
    invoiceId: invoice.id,
    amount: due,
    provider: 'wallet',
    title: titleOf(invoice),
    exchange: exchange && { charged: exchange.amount, rate: exchange.rate },
  });
  return payment.id;
}
