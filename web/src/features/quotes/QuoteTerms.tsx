/** All that a quote says: what it gives, what it costs, and for how long both sides are held to it. */
import { useTranslations } from 'use-intl';
import { Facts } from '../../ui/Facts.tsx';
import { When } from '../../ui/When.tsx';
import { ChargeList } from '../offers/ChargeList.tsx';
import { useCycleText } from '../offers/cycle-text.ts';
import { useGives } from '../offers/gives.ts';
import { PriceText } from '../offers/PriceText.tsx';
import type { Quote } from './quote.ts';

export function QuoteTerms({ quote }: { quote: Quote }) {
  const t = useTranslations('quotes');
  const { plan, price, quantity, message } = quote;
  return (
    <>
      {message?.split(/\n+/).map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <PriceText plan={plan} price={price} />
      {quantity > 1 && <p>{t('seats', { count: quantity })}</p>}
      <Given quote={quote} />
      <ChargeList charges={plan.charges} currency={price.currency} />
      <Facts
        items={[
          { label: t('term'), value: <Term quote={quote} /> },
          { label: t('validUntil'), value: <When at={quote.valid_until} /> },
        ]}
      />
    </>
  );
}

function Given({ quote }: { quote: Quote }) {
  const t = useTranslations('plans');
  const gives = useGives(null);
  return (
    <ul className="plan-gives">
      {gives(quote.plan)
        .filter(({ value }) => value !== false)
        .map(({ key, label, value }) => (
          <li key={key}>{value === true ? label : t('given', { label, value: String(value) })}</li>
        ))}
    </ul>
  );
}

function Term({ quote }: { quote: Quote }) {
  const t = useTranslations('quotes');
  const cycleText = useCycleText();
  const { term_cycles: count, committed_until: until, price } = quote;
  if (count === null) return t('noTerm');
  if (until) return t.rich('committed', { when: () => <When at={until} show="day" /> });
  return t('termCycles', { count, cycle: cycleText.name(price.billing_cycle) });
}
