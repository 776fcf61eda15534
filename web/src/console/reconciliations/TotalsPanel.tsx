/** The two sides of a day, and where their difference comes from. */
import { useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { isZero, reasonsOf, type Totals } from './reconciliation.ts';

export function TotalsPanel({ totals }: { totals: Totals }) {
  const t = useTranslations('console.reconciliations');
  const { currency, difference } = totals;
  const amount = (value: string) => <Amount value={value} currency={currency} isExact />;
  const reasons = reasonsOf(totals);
  return (
    <Panel
      title={t('totalsIn', { currency })}
      note={t(isZero(difference) ? 'sidesEqual' : 'sidesDiffer')}
    >
      <Facts
        as="figures"
        items={[
          { label: t('statement'), value: amount(totals.statement) },
          { label: t('ledger'), value: amount(totals.ledger) },
          { label: t('difference'), value: amount(difference) },
        ]}
      />
      <Facts
        items={[
          { label: t('kindTotals.payments'), value: amount(totals.payments) },
          { label: t('kindTotals.refunds'), value: amount(totals.refunds) },
          { label: t('kindTotals.disputes'), value: amount(totals.disputes) },
          { label: t('kindTotals.other'), value: amount(totals.other) },
          { label: t('kindTotals.fees'), value: amount(totals.fees) },
          { label: t('kindTotals.payouts'), value: amount(totals.payouts) },
        ]}
      />
      {reasons.length > 0 && (
        <>
          <p className="soft">{t('becauseNote')}</p>
          <Facts
            items={reasons.map((reason) => ({
              label: t(`because.${reason}`),
              value: amount(totals.because[reason]),
            }))}
          />
        </>
      )}
    </Panel>
  );
}
