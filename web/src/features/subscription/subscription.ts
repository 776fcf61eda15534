/** Subscriptions to plans, as customers read them. */
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';

export type Subscription = Answer<'getSubscription'>;
export type ChangePreview = Answer<'previewSubscription'>;
export type SubscriptionPurchase = Answer<'createSubscription'>;

/** Everything that a change of a subscription may touch. */
export const touchedByChange = [
  'listSubscriptions',
  'getSubscription',
  'listInvoices',
  'getInvoice',
  'listCreditNotes',
  'listPayments',
  'getWallet',
  'listWalletTransactions',
  'getBillingSummary',
  'listQuotas',
] as const;

/** Whether there can be no other beside it: one that was canceled lasts until its end, and can be had back until then. */
export function isLive({ status }: Pick<Subscription, 'status'>): boolean {
  return status !== 'expired';
}

/** The subscription that an organization has; null where it has none, undefined until that is known. */
export function useLiveSubscription() {
  const { data, error, refetch } = useQuery(
    reading('listSubscriptions', { query: { limit: newestRead } }),
  );
  const live = data && (data.data.find(isLive) ?? null);
  return { subscription: live, error, retry: () => void refetch() };
}

/** The live one is among the newest. */
const newestRead = 10;
