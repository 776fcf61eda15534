/**
 * Money that paid an invoice goes back. A top-up's leaves the wallet. Any other's is credited first: by what is left of the
 * invoice's own credit notes, then by a new one; the credit is used up by paying it out.
 */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import type { EventType } from '../../../platform/events.ts';
import { fromMinor, type MinorMoney, type Money } from '../../../platform/money.ts';
import { lockFunds, postTransfers, takeFromWallet } from '../../ledger/index.ts';
import type { returnFailed, returnOpened } from '../../payments/index.ts';
import type { Invoice } from '../core/invoice.ts';
import { changeRemaining, findNotesOf } from '../credit-notes-store.ts';
import {
  clearCreditReturns,
  findCreditReturns,
  saveCreditReturn,
} from '../credit-returns-store.ts';
import { lockInvoice, saveCredited } from '../store.ts';
import { createCreditNote } from './create-credit-note.ts';
import { creditFapiao } from './credit-fapiao.ts';

type PayloadOf<E> = E extends EventType<infer Payload> ? Payload : never;
type Opened = PayloadOf<typeof returnOpened>;
type Failed = PayloadOf<typeof returnFailed>;

/** @throws Refusal where it does not take a credit note, or the wallet has it no more; never of what has gone already. */
export async function returnMoney(
  context: Context,
  transaction: Transaction,
  opened: Opened,
): Promise<void> {
  const invoice = await lockReturned(transaction, opened);
  const amount = moneyOf(opened);
  if (invoice.kind === 'top_up') {
    await takeTopUp(context, transaction, { invoice, amount, opened });
    return;
  }
  const taken = await takeCredit(context, transaction, { invoice, amount, opened });
  const { currency } = amount;
  await post(context, transaction, opened, [
    { debit: 'customer_credit', credit: 'refunds', amount: fromMinor({ minor: taken, currency }) },
  ]);
  if (taken === amount.minor) return;
  const { returnId, invoiceId } = opened;
  context.log.error(
    { return: returnId, invoice: invoiceId, missing: String(amount.minor - taken) },
    'money of an invoice went back that cannot be credited: it is missing in refunds',
  );
}

/** It did not go: the customer has it as credit, or in the wallet. A credit note stays: it was issued. */
export async function keepReturned(
  context: Context,
  transaction: Transaction,
  failed: Failed,
): Promise<void> {
  const invoice = await lockReturned(transaction, failed);
  const amount = moneyOf(failed);
  if (invoice.kind === 'top_up') {
    const back = walletShare(invoice, amount);
    await post(context, transaction, failed, movesOf(fromMinor(amount), back));
    await keepCredited(transaction, invoice, -amount.minor);
    return;
  }
  await lockFunds(transaction, failed.organizationId);
  const uses = await findCreditReturns(transaction, failed.returnId);
  for (const { creditNoteId, minor } of uses) {
    await changeRemaining(transaction, creditNoteId, minor);
  }
  await clearCreditReturns(transaction, failed.returnId);
  const minor = uses.reduce((sum, use) => sum + use.minor, 0n);
  const { currency } = amount;
  await post(context, transaction, failed, [
    { debit: 'refunds', credit: 'customer_credit', amount: fromMinor({ minor, currency }) },
  ]);
}

async function lockReturned(
  transaction: Transaction,
  { invoiceId, organizationId, returnId }: Failed,
): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, invoiceId);
  invariant(invoice?.organizationId === organizationId, `return ${returnId} is of an invoice`);
  return invoice;
}

function moneyOf({ amountMinor, currency }: Failed): MinorMoney {
  return { minor: BigInt(amountMinor), currency };
}

async function takeTopUp(
  context: Context,
  transaction: Transaction,
  { invoice, amount, opened }: { invoice: Invoice; amount: MinorMoney; opened: Opened },
): Promise<void> {
  const { organizationId, returnId, toWallet, leavesDebt, isDone } = opened;
  if (toWallet) {
    throw new Refusal('rule_violated', 'What topped up the wallet is in it already.', {
      param: 'to',
    });
  }
  const given = walletShare(invoice, amount);
  const isExchanged = given.currency !== amount.currency;
  await takeFromWallet(context, transaction, organizationId, {
    amount: given,
    to: isExchanged ? 'exchange' : 'refunds',
    ...{ kind: 'refund', reference: returnId, leavesDebt: leavesDebt || isDone },
  });
  if (isExchanged) {
    await post(context, transaction, opened, [
      { debit: 'exchange', credit: 'refunds', amount: fromMinor(amount) },
    ]);
  }
  const taken = await keepCredited(transaction, invoice, amount.minor);
  await creditFapiao(context, transaction, { invoice: taken, reason: opened.reason });
}

/** No note is issued for a top-up, which is no sale; but a fapiao must not say more than was paid for it. */
async function keepCredited(
  transaction: Transaction,
  invoice: Invoice,
  change: bigint,
): Promise<Invoice> {
  const until = invoice.creditedMinor + change;
  const { minor: total } = invoice.total;
  const creditedMinor = until < 0n ? 0n : until > total ? total : until;
  const credited: Invoice = { ...invoice, creditedMinor };
  await saveCredited(transaction, credited);
  return credited;
}

/** What entered the wallet with so much of a top-up, to the nano. */
function walletShare({ total, exchange }: Invoice, amount: MinorMoney): Money {
  if (!exchange) return fromMinor(amount);
  const whole = fromMinor(exchange.amount);
  return { ...whole, amount: (whole.amount * amount.minor) / total.minor };
}

function movesOf(given: Money, back: Money): Move[] {
  if (given.currency === back.currency) {
    return [{ debit: 'refunds', credit: 'wallet', amount: given }];
  }
  return [
    { debit: 'refunds', credit: 'exchange', amount: given },
    { debit: 'exchange', credit: 'wallet', amount: back },
  ];
}

/** Uses up credit of the invoice, and issues a note where there is too little; answers how much it came to. */
async function takeCredit(
  context: Context,
  transaction: Transaction,
  { invoice, amount, opened }: { invoice: Invoice; amount: MinorMoney; opened: Opened },
): Promise<bigint> {
  await lockFunds(transaction, invoice.organizationId);
  const notes = await findNotesOf(transaction, invoice.id);
  let missing = amount.minor;
  for (const { id, remainingMinor } of notes.reverse()) {
    const minor = remainingMinor < missing ? remainingMinor : missing;
    if (minor === 0n) continue;
    await useUp(transaction, opened.returnId, { creditNoteId: id, minor });
    missing -= minor;
  }
  if (missing === 0n) return amount.minor;
  const left = invoice.total.minor - invoice.creditedMinor;
  const wanted = opened.isDone && left < missing ? left : missing;
  const note = await credit(context, transaction, { invoice, opened, minor: wanted, left });
  if (!note) return amount.minor - missing;
  await useUp(transaction, opened.returnId, {
    creditNoteId: note.id,
    minor: note.toCreditMinor,
  });
  return amount.minor - missing + note.toCreditMinor;
}

async function credit(
  context: Context,
  transaction: Transaction,
  {
    invoice,
    opened,
    minor,
    left,
  }: { invoice: Invoice; opened: Opened; minor: bigint; left: bigint },
) {
  const { currency } = invoice.total;
  try {
    return await createCreditNote(context, transaction, {
      invoiceId: invoice.id,
      credit: minor === left ? { kind: 'whole' } : { kind: 'amount', amount: { minor, currency } },
      reason: opened.reason,
    });
  } catch (error) {
    // A refusal comes before anything is written, and what has gone cannot be refused.
    if (opened.isDone && error instanceof Refusal) return undefined;
    throw error;
  }
}

async function useUp(
  transaction: Transaction,
  returnId: string,
  use: { creditNoteId: string; minor: bigint },
): Promise<void> {
  await changeRemaining(transaction, use.creditNoteId, -use.minor);
  await saveCreditReturn(transaction, returnId, use);
}

interface Move {
  debit: 'customer_credit' | 'refunds' | 'exchange';
  credit: 'customer_credit' | 'refunds' | 'exchange' | 'wallet';
  amount: Money;
}

async function post(
  context: Context,
  transaction: Transaction,
  { organizationId, returnId }: Failed,
  moves: readonly Move[],
): Promise<void> {
  await postTransfers(
    context,
    transaction,
    organizationId,
    moves
      .filter(({ amount }) => amount.amount > 0n)
      .map((move) => ({ ...move, kind: 'refund', reference: returnId })),
  );
}
