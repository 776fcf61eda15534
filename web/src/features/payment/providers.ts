/** Who collects, by name: the enabled providers, and for packages the wallet. */
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { useRefusalOf } from '../session/allowed.ts';
import type { PayWith } from './way.ts';

export type OfferedProvider = Answer<'listPaymentProviders'>['data'][number];

/** A means is named after its provider, unless it says so itself. */
export function meansName(provider: string, means: string): string {
  return means.includes(provider) ? means : `${provider} · ${means}`;
}

/** Undefined while it is not known. */
export function useProvidersFor(currency: string | undefined) {
  const { data, error, refetch } = useQuery(reading('listPaymentProviders'));
  const providers = data?.data.filter(
    ({ currencies }) => currencies === null || (currency && currencies.includes(currency)),
  );
  return { providers, error, retry: () => void refetch() };
}

/** Whoever payments may have come by: who is enabled now, and our own two. */
export function useKnownProviders(): string[] {
  const { data } = useQuery(reading('listPaymentProviders'));
  const enabled = data?.data.map(({ provider }) => provider) ?? [];
  return [...new Set([...enabled, 'wallet', 'manual'])];
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

/** What a way to pay is called: the stored method, or who collects. */
export function useWayName(): (way: PayWith) => string {
  const t = useTranslations('ways');
  const providerName = useProviderName();
  const isAllowed = !useRefusalOf()('listPaymentMethods');
  const { data } = useQuery({ ...reading('listPaymentMethods'), enabled: isAllowed });
  return ({ provider, payment_method_id: method }) => {
    if (method === undefined) return providerName(provider ?? '');
    return data?.data.find(({ id }) => id === method)?.label ?? t('goneMethod');
  };
}
