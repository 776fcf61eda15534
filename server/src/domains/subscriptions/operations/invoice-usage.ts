import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { exponentOf } from '../../../platform/money.ts';
import { compare, multiply, parseRatio, ratio } from '../../../platform/ratio.ts';
import { handleEach, type NewLine } from '../../invoicing/index.ts';
import { readSetting, type SettingValue } from '../../settings/index.ts';
import { isEndless } from '../core/agreed-terms.ts';
import { couponAfter, periodDiscounts } from '../core/discounts.ts';
import type { Period } from '../core/period.ts';
import { type Progress, progressLines, progressOf } from '../core/progress.ts';
import type { Subscription } from '../core/record.ts';
import { billingKeyOf } from '../core/subscription.ts';
import { findProgress, listRunning, saveProgress } from '../progress-store.ts';
import { findSubscription } from '../subscriptions-store.ts';
import { holdSubscription, keepSubscription } from './hold-subscription.ts';
import { rateUse } from './rate-period.ts';
import { settleLines } from './settle-lines.ts';

const pageMax = 500;

type Thresholds = SettingValue<'usage_invoice_thresholds'>;

/**
 * Invoices the use of running periods that has reached the threshold of its currency; answers how many invoices. The
 * period's last invoice takes off what was invoiced here: see `ratePeriod`.
 */
export async function invoiceUsage(context: Context): Promise<number> {
  const { database, clocks } = context;
  const thresholds = await readSetting(database, 'usage_invoice_thresholds');
  if (Object.keys(thresholds).length === 0) return 0;
  let invoiced = 0;
  for (let after = ''; ; ) {
    const ids = await listRunning(database, { at: clocks.business(), after, limit: pageMax });
    invoiced += await handleEach(context, ids, (id) => invoiceOne(context, id, thresholds));
    const last = ids.at(-1);
    if (last === undefined || ids.length < pageMax) return invoiced;
    after = last;
  }
}

/** Looked at without a lock first: of the many few have reached it. */
async function invoiceOne(context: Context, id: string, thresholds: Thresholds): Promise<boolean> {
  const found = await findSubscription(context.database, id);
  if (!found || !(await reached(context, context.database, found, thresholds))) return false;
  return inTransaction(context, async (transaction) => {
    const held = await holdSubscription(transaction, id);
    const bill = await reached(context, transaction, held, thresholds);
    if (!bill) return false;
    const { coupon, state } = held;
    const atEnd = state.status === 'canceled' ? coupon : couponAfter(coupon, false);
    const { invoice } = await settleLines(context, transaction, held, {
      lines: bill.lines,
      // An amount is taken off the period's own invoice, once; a share is taken off each.
      discounts: periodDiscounts(atEnd).filter(({ kind }) => kind === 'percentage'),
      period: bill.span,
      billingKey: `${billingKeyOf(id, state.period)} up to ${totalOf(bill.progress)}`,
    });
    await saveProgress(transaction, { subscriptionId: id, progress: bill.progress });
    const kept: Subscription = { ...held, collectingInvoiceId: invoice?.id ?? null };
    await keepSubscription(context, transaction, kept, {
      kind: 'invoice_usage',
      invoiceId: invoice?.id,
    });
    return true;
  });
}

/** In all, so that no two invoices of a period have the same. */
function totalOf({ amounts }: Progress): bigint {
  return amounts.reduce((total, minor) => total + minor, 0n);
}

interface Bill {
  lines: NewLine[];
  /** What it is for. */
  span: Period;
  /** As it is once this is invoiced. */
  progress: Progress;
}

/** What is to be invoiced now; undefined below the threshold, or where something else comes first. */
async function reached(
  context: Context,
  executor: Executor,
  subscription: Subscription,
  thresholds: Thresholds,
): Promise<Bill | undefined> {
  const { id, state, awaiting, collectingInvoiceId } = subscription;
  const { terms, timeZone, period } = state;
  const { planId, version, currency } = terms;
  const threshold = thresholds[currency];
  const now = context.clocks.business();
  const isRunning = ['active', 'past_due', 'canceled'].includes(state.status);
  if (threshold === undefined || !isRunning || isEndless(terms)) return undefined;
  // A change that waits for its money has counted the use to then; what was invoiced before is collected first.
  if (awaiting !== null || collectingInvoiceId !== null) return undefined;
  if (now <= period.from || now >= period.to) return undefined;
  const before = await findProgress(executor, { subscriptionId: id, from: period.from });
  // Within the period the plan was changed: the charges are others, and the rest waits for its end.
  if (before && (before.planId !== planId || before.version !== version)) return undefined;
  const soFar = { from: period.from, to: now };
  const used = await rateUse(executor, subscription, soFar);
  const invoiced = before?.amounts ?? [];
  const { amounts, unbilledMinor } = progressOf(used, { invoiced, currency });
  const least = multiply(parseRatio(threshold), ratio(10n ** BigInt(exponentOf(currency))));
  if (unbilledMinor === 0n || compare(ratio(unbilledMinor), least) < 0) return undefined;
  const isLater = before !== undefined && before.period.to < now;
  const span = { from: isLater ? before.period.to : period.from, to: now };
  return {
    lines: progressLines(used, { amounts, invoiced }, { period: soFar, timeZone, currency }),
    span,
    progress: { period: soFar, planId, version, currency, amounts },
  };
}
