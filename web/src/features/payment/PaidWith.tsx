import { useQuery } from '@tanstack/react-query';
import { useLocale } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import type { Payment } from './PaymentStatus.tsx';
import { meansName, useProviderName, useWayName } from './providers.ts';

/** Who collects a payment, by which means or from which stored method. */
export function PaidWith({ payment }: { payment: Payment }) {
  const { provider, means, payment_method: method } = payment;
  const locale = useLocale();
  const providerName = useProviderName()(provider);
  const wayName = useWayName();
  const { data } = useQuery(reading('listPaymentProviders'));
  if (method !== null) return `${providerName} · ${wayName({ payment_method_id: method })}`;
  const offered = data?.data.find((one) => one.provider === provider)?.means ?? [];
  const label = offered.find(({ id }) => id === means)?.label[locale === 'zh-CN' ? 'zh-CN' : 'en'];
  return label && offered.length > 1 ? meansName(providerName, label) : providerName;
}
