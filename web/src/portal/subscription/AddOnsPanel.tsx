import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { addOnsFor, type OfferedAddOn } from '../../features/offers/add-ons.ts';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AskAddOn } from './AskAddOn.tsx';

const plansMax = 200;

/** What is had on top of the plan, and what can be; nothing where nothing is sold with it. */
export function AddOnsPanel({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('addOns');
  const plans = usePages('listPlans', { query: { limit: plansMax } });
  const [asked, setAsked] = useState<OfferedAddOn>();
  const offered = addOnsFor(plans.rows ?? [], subscription);
  // What was taken off sale is still had.
  const gone = subscription.add_ons.filter(
    ({ plan }) => !offered.some((one) => one.plan.id === plan.id),
  );
  if (offered.length + gone.length === 0) return null;
  return (
    <Panel title={t('title')} note={t('note')}>
      <ul className="stack">
        {offered.map((one) => (
          <li key={one.plan.id}>
            <Offered addOn={one} subscription={subscription} onAsk={() => setAsked(one)} />
          </li>
        ))}
        {gone.map(({ plan, quantity }) => (
          <li key={plan.id}>
            <strong>{plan.name}</strong> {t('had', { count: quantity })}
          </li>
        ))}
      </ul>
      {asked && (
        <AskAddOn addOn={asked} subscription={subscription} onClose={() => setAsked(undefined)} />
      )}
    </Panel>
  );
}

interface OfferedProps {
  addOn: OfferedAddOn;
  subscription: Subscription;
  onAsk: () => void;
}

function Offered({ addOn: { plan, price }, subscription, onAsk }: OfferedProps) {
  const t = useTranslations('addOns');
  const { per } = useCycleText();
  const had = subscription.add_ons.find((one) => one.plan.id === plan.id);
  const next = had?.next_quantity ?? null;
  const canChange = subscription.actions.includes('change');
  return (
    <div className="stack">
      <div>
        <strong>{plan.name}</strong>{' '}
        <Amount value={price.amount} currency={price.currency} isExact />{' '}
        <span className="soft">{per(price.billing_cycle)}</span>
      </div>
      {plan.description && <p className="soft">{plan.description}</p>}
      {had && (
        <p>
          {t('had', { count: had.quantity })}
          {next !== null && ` ${t('afterwards', { count: next })}`}
        </p>
      )}
      <div>
        <AllowedButton
          operation="setAddOn"
          blockedBecause={canChange ? undefined : t('notNow')}
          onClick={onAsk}
        >
          {t(had ? 'change' : 'add', { name: plan.name })}
        </AllowedButton>
      </div>
    </div>
  );
}
