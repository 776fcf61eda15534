import { Segmented } from 'antd';
import { useTranslations } from 'use-intl';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import {
  currenciesOf,
  cyclesOf,
  type Plan,
  type PriceChoice,
} from '../../features/offers/offer.ts';
import { applicationName } from '../../features/quotas/meter-name.ts';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { Comparison } from './Comparison.tsx';
import { PlanCard } from './PlanCard.tsx';

interface PlanGroupProps {
  /** Null where all plans are of one. */
  application: string | null;
  plans: Plan[];
  choice: PriceChoice;
  subscription: Subscription | null | undefined;
  onChoose: (choice: { cycle: string } | { currency: string }) => void;
}

/** Plans that are alternatives to each other. */
export function PlanGroup({ application, plans, choice, subscription, onChoose }: PlanGroupProps) {
  const t = useTranslations('plans');
  const cycles = cyclesOf(plans);
  const currencies = currenciesOf(plans);
  const cycle = cycles.find((known) => known === choice.cycle) ?? cycles[0];
  const currency = currencies.find((known) => known === choice.currency) ?? currencies[0];
  return (
    <section className="page">
      <div className="page-header">
        {application ? (
          <h2>{t('forApplication', { name: applicationName(application) })}</h2>
        ) : (
          <span />
        )}
        <div className="actions">
          <Switch
            label={t('currency')}
            options={currencies.map((value) => ({ value, label: value }))}
            value={currency}
            onChange={(value) => onChoose({ currency: value })}
          />
          <CycleSwitch
            cycles={cycles}
            cycle={cycle}
            onChange={(value) => onChoose({ cycle: value })}
          />
        </div>
      </div>
      <ul className="plan-list">
        {plans.map((plan) => (
          <PlanCard
            key={plan.id}
            plan={plan}
            choice={{ cycle, currency }}
            subscription={subscription}
          />
        ))}
      </ul>
      {plans.length > 1 && <Comparison plans={plans} choice={{ cycle, currency }} />}
    </section>
  );
}

interface CycleSwitchProps {
  cycles: string[];
  cycle: string | undefined;
  onChange: (cycle: string) => void;
}

function CycleSwitch({ cycles, cycle, onChange }: CycleSwitchProps) {
  const t = useTranslations('plans');
  const { name } = useCycleText();
  return (
    <Switch
      label={t('cycle')}
      options={cycles.map((value) => ({ value, label: name(value) }))}
      value={cycle}
      onChange={onChange}
    />
  );
}

interface SwitchProps {
  label: string;
  options: { value: string; label: string }[];
  value: string | undefined;
  onChange: (value: string) => void;
}

/** Nothing to choose where there is one. */
function Switch({ label, options, value, onChange }: SwitchProps) {
  if (options.length < 2 || value === undefined) return null;
  return <Segmented aria-label={label} options={options} value={value} onChange={onChange} />;
}
