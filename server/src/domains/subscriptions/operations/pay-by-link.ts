import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/pay-links';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor } from '../../../platform/money.ts';
import { roundHalfUp } from '../../../platform/ratio.ts';
import { currentPlanVersion, findPackage, isOfferedTo, priceOf } from '../../catalog/index.ts';
import { limitAddress, openAccount } from '../../identity/index.ts';
import {
  getPayableInvoice,
  newPayLink,
  payLinkedInvoice,
  payLinkOf,
  presentLinkPayment,
  providersFor,
} from '../../invoicing/index.ts';
import { startPayment } from '../../payments/index.ts';
import { readSetting } from '../../settings/index.ts';
import { countSold, findPriceLink, type PriceLinkRow } from '../price-links-store.ts';
import { purchaseWithin } from './purchase-package.ts';
import { subscribeWithin } from './subscribe.ts';

type PayableView = AnswerOf<typeof endpoints.getPayable>;
type LinkPaymentView = AnswerOf<typeof endpoints.payByLink>;
type Body = BodyOf<typeof endpoints.payByLink>;

/** What a link is for: an invoice, or a published price. @throws Refusal `not_found`. */
export async function getPayable(context: Context, link: string): Promise<PayableView> {
  if (!isPriceLink(link)) return getPayableInvoice(context, link);
  const row = await requirePriceLink(context, link);
  const priced = await pricedOf(context, row);
  return {
    kind: 'price',
    link,
    status: row.status === 'active' && priced.isOnSale ? 'open' : 'closed',
    seller: (await readSetting(context.database, 'seller')).name,
    title: priced.title,
    description: priced.description,
    amount: priced.amount,
    currency: priced.currency,
    billing_cycle: row.cycle,
    providers: await providersFor(context, priced.currency),
  };
}

/**
 * Pays what a link is for. A price is bought for the account of a mail address, which is opened where there is none; the
 * payer goes on at the invoice's own link.
 * @throws Refusal as paying an invoice, buying a package and subscribing do.
 */
export async function payByLink(
  context: Context,
  link: string,
  body: Body,
): Promise<LinkPaymentView> {
  const { provider, means } = body;
  if (!isPriceLink(link)) return payLinkedInvoice(context, { link, provider, means });
  const row = await requirePriceLink(context, link);
  if (row.status !== 'active') {
    throw new Refusal('invalid_state', 'This is no longer sold: ask the seller for another link.');
  }
  if (provider === 'wallet') {
    throw new Refusal('provider_unavailable', 'Sign in to pay from a wallet.', {
      param: 'provider',
    });
  }
  const { email, name, locale } = body;
  if (email === undefined) {
    throw new Refusal('rule_violated', 'Say by mail address whose account it is for.', {
      param: 'email',
    });
  }
  await limitAddress(context, 'sign_ups_per_hour');
  const { organizationId } = await openAccount(context, { email, name, locale });
  // The payer comes back to a page of the invoice that there will be.
  const made = newPayLink(context);
  const buyer = { organizationId, provider, means, returnUrl: made.url };
  const paymentId = await inTransaction(context, async (transaction) => {
    const bought = await buy(context, transaction, { row, buyer });
    await payLinkOf(context, transaction, { invoiceId: bought.invoiceId, made });
    await countSold(transaction, link);
    return bought.paymentId;
  });
  return presentLinkPayment(await startPayment(context, paymentId), made.link);
}

interface Buyer {
  organizationId: string;
  provider: string;
  means: string | undefined;
  returnUrl: string;
}

async function buy(
  context: Context,
  transaction: Transaction,
  { row, buyer }: { row: PriceLinkRow; buyer: Buyer },
): Promise<{ invoiceId: string; paymentId: string }> {
  const { package_id: packageId, plan_id: plan, cycle, currency } = row;
  if (packageId !== null) return purchaseWithin(context, transaction, { ...buyer, packageId });
  const { invoice, paymentId } = await subscribeWithin(context, transaction, {
    ...{ ...buyer, plan: plan ?? '' },
    ...{ cycle: cycle ?? undefined, currency: currency ?? undefined },
  });
  if (invoice && paymentId !== undefined) return { invoiceId: invoice.id, paymentId };
  throw new Refusal('rule_violated', 'Nothing is to be paid now: sign in to begin the trial.');
}

interface Priced {
  title: string;
  description: string | null;
  amount: string;
  currency: string;
  isOnSale: boolean;
}

async function pricedOf({ database }: Context, row: PriceLinkRow): Promise<Priced> {
  if (row.package_id !== null) {
    const sold = await findPackage(database, row.package_id);
    invariant(sold, 'a package that was sold by link stays');
    const { name: title, description, currency, price_minor: minor } = sold;
    const amount = formatMinor({ minor, currency });
    return { title, description, amount, currency, isOnSale: sold.status === 'active' };
  }
  const version = await currentPlanVersion(database, row.plan_id ?? '');
  invariant(version, 'a plan that was sold by link stays');
  const { cycle, currency } = row;
  const price = priceOf(version.offer, {
    ...{ cycle: cycle ?? undefined, currency: currency ?? undefined },
  });
  const isOffered = version.status === 'active' && isOfferedTo(version.offer, '');
  const minor = price ? roundHalfUp(price.amount) : 0n;
  return {
    ...{ title: version.name, description: null, currency: currency ?? '' },
    amount: formatMinor({ minor, currency: currency ?? '' }),
    isOnSale: isOffered && price !== undefined,
  };
}

function isPriceLink(link: string): boolean {
  return link.startsWith('pl_');
}

async function requirePriceLink(context: Context, link: string): Promise<PriceLinkRow> {
  const row = await findPriceLink(context.database, link);
  if (!row) throw notFound('pay link', 'link');
  return row;
}
