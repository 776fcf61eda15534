import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import { findBillingDetails } from '../billing-store.ts';
import type { NewLine } from '../core/line.ts';
import { deleteDraft, findInvoice } from '../store.ts';
import { findWaitingIds, lockWaitingIds } from '../waiting-store.ts';
import { commandOf } from './compose-invoice.ts';

interface Customer {
  organizationId: string;
  currency: string;
}

/** Lines that wait for the next invoice of a customer whose invoices are consolidated. */
export async function findWaitingLines(executor: Executor, customer: Customer): Promise<NewLine[]> {
  if (!(await isConsolidated(executor, customer))) return [];
  return linesOf(executor, await findWaitingIds(executor, customer));
}

/** Takes them for an invoice that is issued in this transaction; their drafts are gone. */
export async function takeWaitingLines(
  context: Context,
  transaction: Transaction,
  { billingKey, ...customer }: Customer & { billingKey?: string },
): Promise<NewLine[]> {
  if (!(await isConsolidated(transaction, customer))) return [];
  const ids = await lockWaitingIds(transaction, customer);
  const lines = await linesOf(transaction, ids);
  for (const id of ids) {
    await deleteDraft(transaction, id);
    await recordAudit(context, transaction, {
      organizationId: customer.organizationId,
      action: 'invoice.consolidate',
      resource: { kind: 'invoice', id },
      oldValues: { status: 'draft' },
      newValues: { billing_key: billingKey ?? null },
    });
  }
  return lines;
}

async function isConsolidated(executor: Executor, { organizationId }: Customer): Promise<boolean> {
  const details = await findBillingDetails(executor, organizationId);
  return details?.isConsolidated ?? false;
}

async function linesOf(executor: Executor, ids: readonly string[]): Promise<NewLine[]> {
  const lines: NewLine[] = [];
  for (const id of ids) {
    const draft = await findInvoice(executor, id);
    if (draft) lines.push(...commandOf(draft).lines);
  }
  return lines;
}
