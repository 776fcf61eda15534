/** What a plan costs: prices by cycle and currency, charges in words, and the rules around them. */
import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ChargeList } from '../../features/offers/ChargeList.tsx';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import type { PlanPrice } from './offer-form.ts';
import type { Plan } from './plan-form.ts';

export function OfferPanel({ plan }: { plan: Plan }) {
  const t = useTranslations('console.offer');
  const currency = plan.prices[0]?.currency;
  return (
    <Panel title={t('title')}>
      <DataTable
        label={t('prices')}
        list={settledList(plan.prices)}
        columns={useColumns()}
        rowKey={(price) => `${price.currency} ${price.billing_cycle}`}
        renderError={renderFailure}
        empty={<EmptyState title={t('notForSale')}>{t('noPrices')}</EmptyState>}
      />
      {currency && <ChargeList charges={plan.charges} currency={currency} />}
      {currency && <Rules plan={plan} />}
    </Panel>
  );
}

function useColumns(): Column<PlanPrice>[] {
  const t = useTranslations('console.offer');
  const tUi = useTranslations('ui');
  const cycleText = useCycleText();
  const money = (value: string | null, currency: string) =>
    value === null || toNanos(value) === 0n ? (
      '–'
    ) : (
      <Amount value={value} currency={currency} isExact />
    );
  return [
    { title: t('cycle'), cell: ({ billing_cycle }) => cycleText.name(billing_cycle) },
    {
      title: tUi('amount'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} isExact />,
    },
    { title: tUi('currency'), cell: ({ currency }) => currency },
    {
      title: t('setupFee'),
      align: 'end',
      cell: ({ setup_fee, currency }) => money(setup_fee, currency),
    },
    {
      title: t('commitment'),
      align: 'end',
      cell: ({ minimum_commitment, currency }) => money(minimum_commitment, currency),
    },
  ];
}

function Rules({ plan }: { plan: Plan }) {
  const t = useTranslations('console.offer');
  const { trial_days: days, proration, refund, visible_to: audience } = plan;
  return (
    <Facts
      items={[
        { label: t('trial'), value: t('days', { days }) },
        { label: t('proration'), value: t(`prorations.${proration}`) },
        { label: t('refund'), value: t(`refunds.${refund}`) },
        { label: t('overage'), value: t(`overages.${plan.overage}`) },
        { label: t('addOnOf'), value: plan.addon_of?.join(', ') ?? t('noAddOn') },
        {
          label: t('audience'),
          value:
            audience === 'public'
              ? t('audiences.public')
              : audience.map((id, index) => (
                  <Fragment key={id}>
                    {index > 0 && ', '}
                    <OrganizationLink id={id} />
                  </Fragment>
                )),
        },
      ]}
    />
  );
}
