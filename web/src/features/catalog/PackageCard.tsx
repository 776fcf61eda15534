import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useAmountText } from '../../ui/Amount.tsx';

export type Package = Answer<'listPackages'>['data'][number];

/** What a package costs and brings, with the button that its page gives it. */
export function PackageCard({ item, action }: { item: Package; action: ReactNode }) {
  const t = useTranslations('packages');
  const amountText = useAmountText();
  const amount = (value: string, currency: string) =>
    amountText(value, currency, { isExact: true });
  return (
    <li className="panel package-card">
      <h3>{item.name}</h3>
      {item.description && <p className="soft">{item.description}</p>}
      <p className="package-daily">
        {t('daily', { amount: amount(item.daily_limit, item.usage_currency) })}
      </p>
      <p>{t('price', { price: amount(item.price, item.currency), days: item.duration_days })}</p>
      {action}
    </li>
  );
}
