import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import type { ProviderOption } from './ProviderField.tsx';
import { useProvidersFor } from './providers.ts';

/** Ways to pay an amount: the providers that take its currency and, as the last, the wallet with what it holds. */
export function useWaysToPay({ amount, currency }: { amount: string; currency: string }) {
  const t = useTranslations('payment');
  const amountText = useAmountText();
  const { providers, error, retry } = useProvidersFor(currency);
  const wallet = useQuery(reading('getWallet'));
  const options = providers?.map(
    ({ provider, name }): ProviderOption => ({ value: provider, label: name }),
  );
  if (options && wallet.data) {
    const held = wallet.data;
    // In another currency only the server knows the rate; it refuses what the wallet cannot pay.
    const isShort = held.currency === currency && toNanos(held.available) < toNanos(amount);
    options.push({
      value: 'wallet',
      label: t('walletWith', {
        available: amountText(held.available, held.currency, { isExact: true }),
      }),
      blockedBecause: isShort ? t('walletShort') : undefined,
    });
  }
  return {
    options: wallet.isPending ? undefined : options,
    error: error ?? wallet.error,
    retry: () => {
      retry();
      void wallet.refetch();
    },
  };
}
