import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { fromMinor } from '../../../platform/money.ts';
import { findInvoice, handleEach } from '../../invoicing/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { daysOf, earnedLines } from '../core/delivery.ts';
import { recognize } from '../core/recognition.ts';
import type { Subscription } from '../core/record.ts';
import {
  type Delivery,
  insertDelivery,
  listRecognizable,
  lockDelivery,
  saveDelivery,
} from '../deliveries-store.ts';

const deliveriesPerRunMax = 50_000;

/** Begins to earn an invoice that was paid or written off, once: what is delivered already at once, what is paid in advance day by day. */
export async function deliverInvoice(
  context: Context,
  transaction: Transaction,
  { invoiceId, subscription }: { invoiceId: string; subscription: Subscription },
): Promise<void> {
  const invoice = await findInvoice(transaction, invoiceId);
  invariant(invoice, `invoice ${invoiceId} is settled`);
  const { organizationId, id: subscriptionId, state } = subscription;
  for (const { line, amountMinor, period, isInAdvance } of earnedLines(invoice)) {
    const delivery: Delivery = {
      ...{ invoiceId, line, organizationId, subscriptionId, amountMinor },
      currency: invoice.total.currency,
      startsAt: period?.from ?? context.clocks.business(),
      days: isInAdvance ? daysOf(period, state.timeZone) : 1,
      timeZone: state.timeZone,
      ...{ recognizedDays: 0, recognizedMinor: 0n },
    };
    if (!isInAdvance) {
      const done = { ...delivery, recognizedDays: 1, recognizedMinor: amountMinor };
      const isNew = await insertDelivery(transaction, { delivery: done, nextAt: null });
      if (isNew) await earn(context, transaction, delivery, amountMinor);
      continue;
    }
    await insertDelivery(transaction, {
      delivery,
      nextAt: recognize(termOf(delivery), delivery.startsAt).nextAt,
    });
  }
}

/** Moves what was earned since the last time from `deferred` to `revenue`; answers for how many lines. */
export async function recognizeSubscriptions(context: Context): Promise<number> {
  const now = context.clocks.business();
  const due = await listRecognizable(context.database, now, deliveriesPerRunMax);
  const ids = due.map(({ invoiceId, line }) => `${invoiceId} ${line}`);
  return handleEach(context, ids, (id) => recognizeOne(context, id, now));
}

async function recognizeOne(context: Context, id: string, now: Date): Promise<boolean> {
  const [invoiceId = '', line = '0'] = id.split(' ');
  const key = { invoiceId, line: Number(line) };
  return inTransaction(context, async (transaction) => {
    const found = await lockDelivery(transaction, key);
    invariant(found, `line ${id} is being delivered`);
    const { days, earnedMinor, nextAt } = recognize(termOf(found), now);
    if (days <= found.recognizedDays) return false;
    await earn(context, transaction, found, earnedMinor - found.recognizedMinor);
    await saveDelivery(transaction, key, { days, minor: earnedMinor, nextAt });
    return true;
  });
}

function termOf({ startsAt, timeZone, days, amountMinor }: Delivery) {
  return { startsAt, timeZone, durationDays: days, priceMinor: amountMinor };
}

/** What is given back within an invoice is earned backwards. */
async function earn(
  context: Context,
  transaction: Transaction,
  { organizationId, currency, invoiceId }: Delivery,
  minor: bigint,
): Promise<void> {
  if (minor === 0n) return;
  const amount = fromMinor({ minor: minor < 0n ? -minor : minor, currency });
  const [debit, credit] =
    minor < 0n ? (['revenue', 'deferred'] as const) : (['deferred', 'revenue'] as const);
  await postTransfers(context, transaction, organizationId, [
    { debit, credit, amount, kind: 'recognition', reference: invoiceId },
  ]);
}
