import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor, fromMinor, type MinorMoney } from '../../../platform/money.ts';
import { postTransfers } from '../../ledger/index.ts';
import { applyHeld, convertHeld, type HeldMoney, holdUnapplied } from '../../payments/index.ts';
import { dueOf, type Invoice, labelOf, takesMoney } from '../core/invoice.ts';
import { lockInvoice } from '../store.ts';
import { completePayment } from './complete-payment.ts';

export interface ApplyUnappliedCommand {
  id: string;
  /** The wallet takes it where none is named. */
  invoiceId: string | undefined;
  /** Whose it is, where that is not known. */
  organizationId: string | undefined;
  rate: string | undefined;
}

/**
 * Pays an invoice with money that fitted nothing, or puts it into the wallet; all in one transaction. Of two operators at
 * once the second waits at the money's row, and finds it applied.
 * @throws Refusal `not_found`, `invalid_state`, `amount_out_of_range`, `currency_unsupported`, `rule_violated`.
 */
export async function applyUnapplied(
  context: Context,
  command: ApplyUnappliedCommand,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const held = await holdUnapplied(context, transaction, command);
    if (command.invoiceId === undefined) {
      await intoWallet(context, transaction, { held, rate: command.rate });
      return;
    }
    const invoice = await requirePayable(context, transaction, {
      invoiceId: command.invoiceId,
      organizationId: held.organizationId,
    });
    const due = dueOf(invoice);
    const { currency } = due;
    const money = await convertHeld(context, transaction, { held, currency, rate: command.rate });
    if (money.minor !== due.minor) throw refuseAmount(invoice, due, money);
    await applyHeld(context, transaction, { held, invoiceId: invoice.id, money });
    await completePayment(context, transaction, { invoice, by: { unapplied: command.id } });
  });
}

async function intoWallet(
  context: Context,
  transaction: Transaction,
  { held, rate }: { held: HeldMoney; rate: string | undefined },
): Promise<void> {
  const currency = context.config.usageCurrency;
  const money = await convertHeld(context, transaction, { held, currency, rate });
  await applyHeld(context, transaction, { held, invoiceId: null, money });
  await postTransfers(context, transaction, held.organizationId, [
    {
      ...{ debit: 'unapplied', credit: 'wallet', amount: fromMinor(money) },
      ...{ kind: 'unapplied', reference: held.parked.id },
    },
  ]);
}

async function requirePayable(
  context: Context,
  transaction: Transaction,
  { invoiceId, organizationId }: { invoiceId: string; organizationId: string },
): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, invoiceId);
  if (invoice?.organizationId !== organizationId) throw notFound('invoice', 'invoice');
  if (takesMoney(invoice, context.clocks.business())) return invoice;
  throw new Refusal(
    'invalid_state',
    `Invoice ${labelOf(invoice)} is ${invoice.status} and takes no payment: put the money into the wallet, or return it.`,
    { param: 'invoice' },
  );
}

function refuseAmount(invoice: Invoice, due: MinorMoney, money: MinorMoney): Refusal {
  const text = (amount: MinorMoney) => `${formatMinor(amount)} ${amount.currency}`;
  return new Refusal(
    'amount_out_of_range',
    `Of invoice ${labelOf(invoice)} ${text(due)} is due, and this is ${text(money)}: put it into the wallet and pay from there, or return it.`,
    { param: 'invoice' },
  );
}
