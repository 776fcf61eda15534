import { useTranslations } from 'use-intl';
import { useChargeText } from './charge-text.ts';
import type { PlanCharge } from './offer.ts';

interface ChargeListProps {
  charges: readonly PlanCharge[];
  currency: string;
}

/** What is charged for use, at the end of each period. */
export function ChargeList({ charges, currency }: ChargeListProps) {
  const t = useTranslations('offers');
  const chargeText = useChargeText();
  if (charges.length === 0) return null;
  return (
    <div>
      <h3>{t('byUse')}</h3>
      <ul className="plan-gives">
        {charges.map((charge) => {
          const { name, sentences } = chargeText(charge, charge.currency ?? currency);
          return (
            <li key={`${charge.meter} ${name}`}>
              {name}
              <ul className="soft line-details">
                {sentences.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
