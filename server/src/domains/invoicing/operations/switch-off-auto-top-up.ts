import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { queueMail } from '../../delivery/index.ts';
import { recipientsOf } from '../../identity/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import type { DeclineCode } from '../../payments/index.ts';
import { endRefill, findAutoTopUp, saveAutoTopUp } from '../auto-top-up-store.ts';
import { autoTopUpOffMail } from '../core/mails.ts';
import { lockInvoice } from '../store.ts';
import { loadParties } from './load-parties.ts';
import { voidWithin } from './void-invoice.ts';

/** A refill's charge was declined: the refill is off, and so are further ones. False for an invoice that is none. */
export async function failRefill(
  context: Context,
  transaction: Transaction,
  { invoiceId, code }: { invoiceId: string; code: DeclineCode },
): Promise<boolean> {
  const invoice = await lockInvoice(transaction, invoiceId);
  if (!invoice || !(await endRefill(transaction, invoiceId, 'failed'))) return false;
  const { organizationId } = invoice;
  // Nobody ordered it, so nobody is asked to pay it.
  if (invoice.status === 'open') {
    await voidWithin(context, transaction, {
      invoice,
      reason: 'The automatic top-up was declined',
    });
  }
  await switchOff(context, transaction, { organizationId, reason: code });
  return true;
}

/** Switches automatic top-up off until it is set again, and tells who pays. */
export async function switchOff(
  context: Context,
  transaction: Transaction,
  { organizationId, reason }: { organizationId: string; reason: DeclineCode },
): Promise<void> {
  await lockFunds(transaction, organizationId);
  const rule = await findAutoTopUp(transaction, organizationId);
  if (!rule?.enabled) return;
  const at = context.clocks.business();
  await saveAutoTopUp(transaction, { ...rule, enabled: false, off: { reason, at } }, at);
  const { customer, seller } = await loadParties(context, transaction, organizationId);
  const link = `${context.config.publicUrl}/billing`;
  const asking = { config: context.config, database: transaction };
  const told = await recipientsOf(asking, organizationId, 'wallet.auto_top_up_off', {
    unlessSaid: customer.email,
  });
  for (const { email: to } of told) {
    const mail = autoTopUpOffMail({
      ...{ seller: seller.name, amount: rule.amount, reason },
      ...{ locale: customer.locale, link },
    });
    await queueMail(context, transaction, { to, ...mail });
  }
  await announceHappening(context, transaction, 'wallet.auto_top_up_off', {
    organizationId,
    data: { amount: formatMinor(rule.amount), currency: rule.amount.currency, code: reason },
  });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'wallet.switch_off_auto_top_up',
    resource: { kind: 'organization', id: organizationId },
    oldValues: { enabled: true },
    newValues: { enabled: false, reason },
  });
}
