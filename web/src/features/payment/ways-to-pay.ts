import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { useRefusalOf } from '../session/allowed.ts';
import { type OfferedProvider, useProvidersFor } from './providers.ts';
import type { WayOption } from './way.ts';

interface ToPay {
  amount?: string | undefined;
  currency: string | undefined;
  /** Left out where the wallet cannot pay, as for what fills it. */
  withoutWallet?: boolean;
}

/**
 * Ways to pay an amount: the stored methods, the providers that take its currency by each of their means and, as the
 * last, the wallet with what it holds.
 */
export function useWaysToPay({ amount = '0', currency, withoutWallet = false }: ToPay) {
  const { providers, error, retry } = useProvidersFor(currency);
  const methods = useStoredWays(providers);
  const offered = useOfferedWays(providers);
  const wallet = useQuery(reading('getWallet'));
  const walletWay = useWalletWay({ amount, currency });
  const own = walletWay && !withoutWallet ? [walletWay] : [];
  const isReady = withoutWallet || !wallet.isPending;
  const options =
    isReady && offered && methods.options ? [...methods.options, ...offered, ...own] : undefined;
  return {
    options,
    error: error ?? methods.error ?? wallet.error,
    retry: () => {
      retry();
      methods.retry();
      void wallet.refetch();
    },
  };
}

/** Only a provider that is on offer for the currency can charge what it keeps. */
function useStoredWays(providers: readonly OfferedProvider[] | undefined) {
  const t = useTranslations('ways');
  const isAllowed = !useRefusalOf()('listPaymentMethods');
  const methods = useQuery({ ...reading('listPaymentMethods'), enabled: isAllowed });
  const known = isAllowed ? methods.data?.data : [];
  const options = known?.map(
    ({ id, label, provider, expired }): WayOption => ({
      way: { payment_method_id: id },
      label,
      stores: false,
      blockedBecause: expired
        ? t('expired')
        : providers?.some((one) => one.provider === provider)
          ? undefined
          : t('notForCurrency'),
    }),
  );
  return { options, error: methods.error, retry: () => void methods.refetch() };
}

function useOfferedWays(providers: readonly OfferedProvider[] | undefined) {
  const locale = useLocale();
  return providers?.flatMap(({ provider, name, means, stores_methods: stores }): WayOption[] => {
    if (means.length < 2) return [{ way: { provider }, label: name, stores }];
    return means.map(({ id, label }) => ({
      way: { provider, means: id },
      label: label[locale === 'zh-CN' ? 'zh-CN' : 'en'],
      stores,
    }));
  });
}

function useWalletWay({ amount = '0', currency }: ToPay): WayOption | undefined {
  const t = useTranslations('payment');
  const amountText = useAmountText();
  const { data: held } = useQuery(reading('getWallet'));
  if (!held) return undefined;
  // In another currency only the server knows the rate; it refuses what the wallet cannot pay.
  const isShort = held.currency === currency && toNanos(held.available) < toNanos(amount);
  const available = amountText(held.available, held.currency, { isExact: true });
  return {
    way: { provider: 'wallet' },
    label: t('walletWith', { available }),
    stores: false,
    blockedBecause: isShort ? t('walletShort') : undefined,
  };
}
