/** What operators do with invoices that they write themselves; drafts of subscriptions are not theirs to change. */
import type { BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/manual-invoices';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { enqueueJob } from '../../jobs/index.ts';
import { findBillingDetails } from '../billing-store.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import { type Invoice, labelOf } from '../core/invoice.ts';
import type { NewLine } from '../core/line.ts';
import { type ManualLine, manualLines } from '../core/manual-lines.ts';
import { lockInvoice } from '../store.ts';
import { changeDraft, discardDraft } from './change-draft.ts';
import { createDraft } from './create-draft.ts';
import { finalizeDraft } from './finalize-draft.ts';

/** Mails the customer where to pay; with the invoice's transaction, so that what was issued is always asked for. */
export const askJobName = 'invoicing.ask_for_payment';

/**
 * Writes an invoice, issued at once or as a draft; answers its id.
 * @throws Refusal `not_found`, `amount_out_of_range`, `rule_violated` where the lines come to less than nothing.
 */
export async function createManualInvoice(
  context: Context,
  body: BodyOf<typeof endpoints.createInvoice>,
): Promise<string> {
  const { organization: organizationId, currency = context.config.currency } = body;
  const command: IssueInvoiceCommand = {
    ...{ organizationId, kind: 'manual', currency },
    lines: readLines(body.lines, currency),
    ...(body.due_in_days === undefined ? {} : { dueInDays: body.due_in_days }),
    ...(body.with_next_invoice && { isWaiting: true }),
  };
  return inTransaction(context, async (transaction) => {
    if (!(await findOrganization(transaction, organizationId))) {
      throw notFound('organization', 'organization');
    }
    if (command.isWaiting) await requireConsolidated(transaction, organizationId);
    const draft = await createDraft(context, transaction, command);
    await record(context, transaction, { action: 'invoice.create', invoice: draft });
    if (!body.draft && !command.isWaiting) await issue(context, transaction, draft.id);
    return draft.id;
  });
}

/** @throws Refusal `not_found`, `invalid_state`, `amount_out_of_range`, `rule_violated`. */
export async function updateManualInvoice(
  context: Context,
  id: string,
  body: BodyOf<typeof endpoints.updateInvoice>,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const old = await requireManual(transaction, id);
    const invoice = await changeDraft(context, transaction, {
      id,
      ...(body.lines && { lines: readLines(body.lines, old.total.currency) }),
      ...(body.due_in_days === undefined ? {} : { dueInDays: body.due_in_days }),
    });
    await record(context, transaction, { action: 'invoice.update', old, invoice });
  });
}

/** @throws Refusal `not_found`, `invalid_state` for what was issued, `rule_violated`. */
export async function finalizeManualInvoice(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const draft = await requireManual(transaction, id);
    if (draft.status !== 'draft') {
      throw new Refusal('invalid_state', `Invoice ${labelOf(draft)} was issued already.`);
    }
    await issue(context, transaction, id);
  });
}

/** @throws Refusal `not_found`, `invalid_state`. */
export async function discardManualInvoice(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    await requireManual(transaction, id);
    const invoice = await discardDraft(transaction, { id });
    await record(context, transaction, { action: 'invoice.discard', invoice });
  });
}

async function requireConsolidated(
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  const details = await findBillingDetails(transaction, organizationId);
  if (details?.isConsolidated) return;
  throw new Refusal(
    'rule_violated',
    'The invoices of this customer are not consolidated: change its billing terms, or issue this one by itself.',
    { param: 'with_next_invoice' },
  );
}

async function issue(context: Context, transaction: Transaction, id: string): Promise<void> {
  const invoice = await finalizeDraft(context, transaction, { id });
  await record(context, transaction, { action: 'invoice.finalize', invoice });
  if (invoice.status === 'open') await enqueueJob(transaction, askJobName, { invoiceId: id });
}

async function requireManual(transaction: Transaction, id: string): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, id);
  if (!invoice) throw notFound('invoice');
  if (invoice.kind === 'manual') return invoice;
  throw new Refusal(
    'invalid_state',
    `Invoice ${labelOf(invoice)} is of a ${invoice.kind}: only what was written by hand is changed by hand.`,
  );
}

function readLines(lines: readonly ManualLine[], currency: string): NewLine[] {
  const read = manualLines(lines, currency);
  if (read) return read;
  throw new Refusal('amount_out_of_range', `Invoice at most 100000000 ${currency} at once.`, {
    param: 'lines',
  });
}

async function record(
  context: Context,
  transaction: Transaction,
  { action, old, invoice }: { action: string; old?: Invoice; invoice: Invoice },
): Promise<void> {
  const { id, organizationId } = invoice;
  await recordAudit(context, transaction, {
    organizationId,
    action,
    resource: { kind: 'invoice', id },
    ...(old && { oldValues: valuesOf(old) }),
    newValues: valuesOf(invoice),
  });
}

function valuesOf({ status, total, lines }: Invoice) {
  return {
    ...{ status, total: formatMinor(total), currency: total.currency },
    lines: lines.map(({ text }) => text.params.text ?? text.code),
  };
}
