import { useTranslations } from 'use-intl';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import type { PlanPrice } from './offer-form.ts';

const shownMax = 4;

/** Prices, one under the other, as a cell of a table. */
export function PriceList({ prices }: { prices: readonly PlanPrice[] }) {
  const t = useTranslations('console.offer');
  const tPlans = useTranslations('console.plans');
  const amountText = useAmountText();
  const { per } = useCycleText();
  if (prices.length === 0) return <span className="soft">{t('notForSale')}</span>;
  const more = prices.length - shownMax;
  return (
    <span className="twofold">
      {prices.slice(0, shownMax).map(({ amount, currency, billing_cycle: cycle }) => (
        <small key={`${currency} ${cycle}`}>
          {amountText(amount, currency, { isExact: true })} {per(cycle)}
        </small>
      ))}
      {more > 0 && <small>{tPlans('more', { count: more })}</small>}
    </span>
  );
}
