import { useTranslations } from 'use-intl';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Subscription } from './subscription.ts';

type Terms = Pick<Subscription, 'amount' | 'currency' | 'billing_cycle' | 'quantity'>;

/** The price of a seat for a cycle, and how many there are. */
export function TermsPrice({ terms }: { terms: Terms }) {
  const t = useTranslations('console.subscriptions');
  const { per } = useCycleText();
  const { amount, currency, billing_cycle: cycle, quantity } = terms;
  return (
    <>
      <Amount value={amount} currency={currency} isExact /> {per(cycle)}
      {quantity > 1 && ` ${t('seats', { count: quantity })}`}
    </>
  );
}
