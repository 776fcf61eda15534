/** Ways to pay: the enabled providers that take a currency, and for packages the wallet. */
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';

/** Undefined while it is not known. */
export function useProvidersFor(currency: string | undefined) {
  const { data, error, refetch } = useQuery(reading('listPaymentProviders'));
  const providers = data?.data.filter(
    ({ currencies }) => currencies === null || (currency && currencies.includes(currency)),
  );
  return { providers, error, retry: () => void refetch() };
}

/** A provider's name as people know it; our own two have one in each language. */
export function useProviderName(): (provider: string) => string {
  const t = useTranslations('payment.providers');
  const { data } = useQuery(reading('listPaymentProviders'));
  return (provider) => {
    if (provider === 'wallet' || provider === 'manual') return t(provider);
    return data?.data.find((known) => known.provider === provider)?.name ?? provider;
  };
}
