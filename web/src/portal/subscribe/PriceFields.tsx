import { Radio } from 'antd';
import { useTranslations } from 'use-intl';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { currenciesOf, type Plan, type PlanPrice } from '../../features/offers/offer.ts';
import { Amount } from '../../ui/Amount.tsx';

interface PriceFieldsProps {
  plan: Plan;
  price: PlanPrice;
  onChoose: (choice: { cycle: string; currency: string }) => void;
  /** A subscription keeps its currency. */
  onlyCurrency?: string;
}

/** Which of a plan's prices is taken: each cycle with what it costs, in one currency. */
export function PriceFields({ plan, price, onChoose, onlyCurrency }: PriceFieldsProps) {
  const t = useTranslations('subscribe');
  const { name } = useCycleText();
  const currencies = onlyCurrency ? [onlyCurrency] : currenciesOf([plan]);
  const cycles = plan.prices.filter(({ currency }) => currency === price.currency);
  return (
    <>
      {currencies.length > 1 && (
        <fieldset className="choice-field">
          <legend>{t('currency')}</legend>
          <Radio.Group
            value={price.currency}
            options={currencies.map((value) => ({ value, label: value }))}
            onChange={({ target }) =>
              onChoose({ currency: target.value, cycle: price.billing_cycle })
            }
          />
        </fieldset>
      )}
      <fieldset className="choice-field">
        <legend>{t('cycle')}</legend>
        <Radio.Group
          className="choices"
          value={price.billing_cycle}
          onChange={({ target }) => onChoose({ currency: price.currency, cycle: target.value })}
        >
          {cycles.map(({ billing_cycle: cycle, amount, currency }) => (
            <Radio key={cycle} value={cycle}>
              {t.rich('cyclePrice', {
                cycle: name(cycle),
                price: () => <Amount value={amount} currency={currency} isExact />,
              })}
            </Radio>
          ))}
        </Radio.Group>
      </fieldset>
    </>
  );
}
