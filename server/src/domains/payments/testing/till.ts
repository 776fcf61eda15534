/** What a shop has been paid, for tests of money that goes back. */
import { inTransaction } from '../../../platform/context.ts';
import { formatMinor } from '../../../platform/money.ts';
import { ratio } from '../../../platform/ratio.ts';
import { issueInvoice, recordManualPayment } from '../../invoicing/index.ts';
import type { Shop } from '../../invoicing/testing/shop.ts';
import { postTransfers } from '../../ledger/index.ts';
import { openAttempt } from '../operations/open-attempt.ts';
import { startPayment } from '../operations/start-payment.ts';

/** A top-up of so much that was paid at Credit, and heard of. */
export async function paidTopUp(
  shop: Shop,
  amount = '20.00',
): Promise<{ id: string; number: string }> {
  const { payment } = await shop.topUp(amount);
  const number = await shop.numberOf(payment.id);
  await shop.steer(number, { before_redirect: true });
  await shop.visit(payment.next);
  return { id: payment.id, number };
}

/** An invoice in USD over a service. */
export async function issuedInvoice(shop: Shop, minor = 10_000n): Promise<string> {
  const { organizationId, context } = shop;
  const amount = ratio(minor);
  const { id } = await inTransaction(context, (transaction) =>
    issueInvoice(context, transaction, {
      ...{ organizationId, kind: 'manual', currency: 'USD' },
      lines: [
        {
          kind: 'manual',
          text: { code: 'free_text', params: { text: 'A service' } },
          ...{ quantity: ratio(1n), unitAmount: amount, amount, isTaxed: true },
          isDiscountable: true,
        },
      ],
    }),
  );
  return id;
}

/** The same, paid by bank transfer. */
export async function paidInvoice(
  shop: Shop,
  minor = 10_000n,
): Promise<{ invoiceId: string; paymentId: string }> {
  const { organizationId, context } = shop;
  const invoiceId = await issuedInvoice(shop, minor);
  const { id: paymentId } = await recordManualPayment(context, {
    ...{ organizationId, invoiceId, currency: 'USD', note: 'Bank transfer' },
    amount: formatMinor({ minor, currency: 'USD' }),
  });
  return { invoiceId, paymentId };
}

/** The same, paid at Credit. */
export async function invoicePaidAtCredit(
  shop: Shop,
  minor = 10_000n,
): Promise<{ invoiceId: string; paymentId: string; number: string }> {
  const { organizationId, context } = shop;
  const invoiceId = await issuedInvoice(shop, minor);
  const paymentId = await inTransaction(context, (transaction) =>
    openAttempt(context, transaction, {
      ...{ organizationId, invoiceId, provider: 'credit', title: 'A service' },
      ...{ amount: { minor, currency: 'USD' }, returnUrl: undefined },
      expiresAt: new Date(context.clocks.business().getTime() + 86_400_000),
    }),
  );
  const { next } = await startPayment(context, paymentId);
  const number = await shop.numberOf(paymentId);
  await shop.steer(number, { before_redirect: true });
  await shop.visit(next);
  return { invoiceId, paymentId, number };
}

/** Takes money out of the wallet, as calls do. */
export async function spend(shop: Shop, amount: bigint): Promise<void> {
  const { context, organizationId } = shop;
  await inTransaction(context, (transaction) =>
    postTransfers(context, transaction, organizationId, [
      {
        ...{ debit: 'wallet', credit: 'revenue', kind: 'test', reference: 'test' },
        amount: { amount, currency: 'USD' },
      },
    ]),
  );
}
