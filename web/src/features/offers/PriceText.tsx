import { useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { useCycleText } from './cycle-text.ts';
import type { Plan, PlanPrice } from './offer.ts';

interface PriceTextProps {
  plan: Pick<Plan, 'trial_days'>;
  price: PlanPrice;
}

/** A plan's price with its cycle, and what goes with it: trial, setup fee, minimum. */
export function PriceText({ plan, price }: PriceTextProps) {
  const t = useTranslations('offers');
  const { per } = useCycleText();
  const { currency, setup_fee: setupFee, minimum_commitment: minimum } = price;
  const amount = (value: string) => () => <Amount value={value} currency={currency} isExact />;
  return (
    <div>
      <p>
        <strong className="plan-price">
          {toNanos(price.amount) === 0n ? t('freeOfCharge') : amount(price.amount)()}
        </strong>{' '}
        <span className="soft">{per(price.billing_cycle)}</span>
      </p>
      {plan.trial_days > 0 && <p>{t('trial', { days: plan.trial_days })}</p>}
      {toNanos(setupFee) > 0n && (
        <p className="soft">{t.rich('setupFee', { amount: amount(setupFee) })}</p>
      )}
      {minimum !== null && <p className="soft">{t.rich('minimum', { amount: amount(minimum) })}</p>}
    </div>
  );
}
