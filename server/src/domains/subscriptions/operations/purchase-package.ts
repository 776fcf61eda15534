import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { findPackage, type PackageRow } from '../../catalog/index.ts';
import {
  dueOf,
  getInvoice,
  type Invoice,
  issueInvoice,
  netOf,
  type PurchaseView,
  payerOf,
  purchaseLine,
  requireCustomer,
} from '../../invoicing/index.ts';
import { openAttempt, payAtOnce, startPayment } from '../../payments/index.ts';
import type { OrganizationPackage } from '../core/organization-package.ts';
import { insertOrganizationPackage } from '../store.ts';

export interface PurchasePackageCommand {
  organizationId: string;
  packageId: string;
  /** A provider's name, or `wallet`; null only where a stored method is charged. */
  provider: string | null;
  means?: string | undefined;
  savesMethod?: boolean | undefined;
  methodId?: string | undefined;
  returnUrl: string | undefined;
}

/**
 * Buys a package: invoice, pending package and payment attempt are one transaction, committed before a provider is
 * called. From the wallet, or for nothing, it is paid and active in that same transaction.
 * @throws Refusal `package_unavailable`, `provider_unavailable`, `insufficient_funds`, `currency_unsupported`,
 *   `rule_violated`, `organization_suspended`.
 */
export async function purchasePackage(
  context: Context,
  command: PurchasePackageCommand,
): Promise<PurchaseView> {
  const { invoiceId, paymentId } = await inTransaction(context, (transaction) =>
    purchaseWithin(context, transaction, command),
  );
  const payment = await startPayment(context, paymentId);
  const { organizationId } = command;
  return { invoice: await getInvoice(context, { organizationId, id: invoiceId }), payment };
}

/** As `purchasePackage`, within the transaction of a larger change, which starts the payment after its commit. */
export async function purchaseWithin(
  context: Context,
  transaction: Transaction,
  command: PurchasePackageCommand,
): Promise<{ invoiceId: string; paymentId: string }> {
  const { organizationId, provider, means, savesMethod, methodId, returnUrl } = command;
  await requireCustomer(transaction, organizationId);
  const sold = await requireOnSale(transaction, command.packageId);
  const ownedId = newId('opk', context.clocks.business());
  const invoice = await invoicePackage(context, transaction, { command, sold, ownedId });
  const due = dueOf(invoice);
  const paysNow = command.provider === 'wallet' || due.minor === 0n;
  await insertPending(context, transaction, { ownedId, sold, invoice });
  const paymentId = paysNow
    ? await payNow(context, transaction, { sold, invoice })
    : await openAttempt(context, transaction, {
        organizationId,
        invoiceId: invoice.id,
        amount: due,
        ...{ provider, means, savesMethod, methodId, returnUrl },
        payer: payerOf(invoice),
        title: sold.name,
        expiresAt: invoice.dueAt,
      });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'package.purchase',
    resource: { kind: 'organization_package', id: ownedId },
    newValues: {
      package: sold.id,
      invoice: invoice.id,
      price: formatMinor({ minor: sold.price_minor, currency: sold.currency }),
      currency: sold.currency,
      provider,
      ...(methodId !== undefined && { payment_method: methodId }),
    },
  });
  return { invoiceId: invoice.id, paymentId };
}

async function requireOnSale(transaction: Transaction, id: string): Promise<PackageRow> {
  const sold = await findPackage(transaction, id);
  if (!sold) throw notFound('package');
  if (sold.status === 'active') return sold;
  throw new Refusal('package_unavailable', 'This package is no longer sold: choose another.');
}

async function invoicePackage(
  context: Context,
  transaction: Transaction,
  sale: { command: PurchasePackageCommand; sold: PackageRow; ownedId: string },
): Promise<Invoice> {
  const { command, sold, ownedId } = sale;
  const params = { name: sold.name, days: String(sold.duration_days) };
  return issueInvoice(context, transaction, {
    organizationId: command.organizationId,
    kind: 'package',
    reference: ownedId,
    currency: sold.currency,
    lines: [
      purchaseLine({
        kind: 'package',
        text: { code: 'package', params },
        minor: sold.price_minor,
        isTaxed: true,
      }),
    ],
    isExchanged: command.provider === 'wallet',
  });
}

/** Freezes the terms of the sale; what is earned by its days is the price without tax. */
async function insertPending(
  context: Context,
  transaction: Transaction,
  { ownedId, sold, invoice }: { ownedId: string; sold: PackageRow; invoice: Invoice },
): Promise<void> {
  const owned: OrganizationPackage = {
    id: ownedId,
    organizationId: invoice.organizationId,
    packageId: sold.id,
    name: sold.name,
    price: netOf(invoice),
    durationDays: sold.duration_days,
    dailyLimit: { amount: sold.daily_limit, currency: context.config.usageCurrency },
    quotas: sold.quotas,
    invoiceId: invoice.id,
    status: 'pending',
    timeZone: null,
    createdAt: invoice.issuedAt,
    startsAt: null,
    endsAt: null,
    recognizedDays: 0,
    recognizedMinor: 0n,
  };
  if (await insertOrganizationPackage(transaction, owned)) return;
  throw new Refusal(
    'package_unavailable',
    'You have this free package already: take it again when it has ended.',
  );
}

async function payNow(
  context: Context,
  transaction: Transaction,
  { sold, invoice }: { sold: PackageRow; invoice: Invoice },
): Promise<string> {
  const { exchange, organizationId } = invoice;
  const payment = await payAtOnce(context, transaction, {
    organizationId,
    invoiceId: invoice.id,
    amount: dueOf(invoice),
    provider: 'wallet',
    title: sold.name,
    exchange: exchange && { charged: exchange.amount, rate: exchange.rate },
  });
  return payment.id;
}
