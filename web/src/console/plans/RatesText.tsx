import { useTranslations } from 'use-intl';
import type { Plan } from './plan-form.ts';

/** The rates that a plan sets, one under the other. */
export function RatesText({ rates: { rpm, tpm, concurrency } }: { rates: Plan['rate_limits'] }) {
  const t = useTranslations('console.plans');
  if (rpm === null && tpm === null && concurrency === null) {
    return <span className="soft">{t('noRates')}</span>;
  }
  return (
    <span className="twofold">
      {rpm !== null && <small>{t('rateRpm', { count: rpm })}</small>}
      {tpm !== null && <small>{t('rateTpm', { count: tpm })}</small>}
      {concurrency !== null && <small>{t('rateConcurrency', { count: concurrency })}</small>}
    </span>
  );
}
