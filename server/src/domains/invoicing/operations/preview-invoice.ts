import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { type Composition, compose } from '../core/compose.ts';
import type { InvoiceDraft } from '../core/doors.ts';
import type { Customer } from '../core/tax.ts';
import { findCreditLeft } from '../credit-notes-store.ts';
import { loadParties } from './load-parties.ts';
import { findWaitingLines } from './take-waiting.ts';

/** What would be invoiced now; `dueMinor` is what would be left to pay. A negative total would be a credit note. */
export interface InvoicePreview extends Composition {
  currency: string;
  dueMinor: bigint;
  customer: Customer;
}

/** Computes what `issueInvoice` would store at this instant, and stores nothing. */
export async function previewInvoice(
  context: Context,
  executor: Executor,
  draft: InvoiceDraft,
): Promise<InvoicePreview> {
  const { organizationId, currency, kind } = draft;
  const { taxation, customer } = await loadParties(context, executor, organizationId);
  const credit =
    kind === 'top_up' ? [] : await findCreditLeft(executor, { organizationId, currency });
  const composeAll = (lines: InvoiceDraft['lines']) =>
    compose({
      lines,
      discounts: draft.discounts ?? [],
      taxation,
      credit: credit.reduce((total, { remainingMinor }) => total + remainingMinor, 0n),
    });
  const own = composeAll(draft.lines);
  // What gives money back is no invoice: what waits goes on waiting.
  const takes = draft.takesWaiting && own.totalMinor >= 0n;
  const waiting = takes ? await findWaitingLines(executor, { organizationId, currency }) : [];
  const composed = waiting.length === 0 ? own : composeAll([...draft.lines, ...waiting]);
  const dueMinor = composed.totalMinor - composed.creditAppliedMinor;
  return { ...composed, currency, dueMinor, customer };
}
