/** What a reseller gets, and for which payments; nothing for everybody else. */
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure, renderFailure } from '../../features/errors/Failure.tsx';
import { ReferralState } from '../../features/referrals/ReferralState.tsx';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

type Reseller = NonNullable<Answer<'getResale'>['reseller']>;
type Commission = Answer<'listCommissions'>['data'][number];

export function ResalePanels() {
  const resale = useQuery(reading('getResale'));
  if (resale.error) {
    return <Failure error={resale.error} onRetry={() => void resale.refetch()} />;
  }
  const reseller = resale.data?.reseller;
  if (!reseller) return null;
  return (
    <>
      <TermsPanel reseller={reseller} />
      <CommissionsPanel />
    </>
  );
}

function TermsPanel({ reseller }: { reseller: Reseller }) {
  const t = useTranslations('growth.resale');
  const format = useFormatter();
  const { months, waiting_days: days, currency } = reseller;
  const share = format.number(Number(reseller.share), {
    style: 'percent',
    maximumFractionDigits: 4,
  });
  const amount = (value: string) => <Amount value={value} currency={currency} />;
  return (
    <Panel title={t('title')} note={t('note')}>
      <div className="stack">
        <p>{reseller.status === 'ended' ? t('ended') : t('terms', { share, months, days })}</p>
        <Facts
          as="figures"
          items={[
            { label: t('customers'), value: reseller.customers },
            { label: t('paid'), value: amount(reseller.paid) },
            { label: t('pending'), value: amount(reseller.pending) },
            { label: t('earned'), value: amount(reseller.earned) },
          ]}
        />
      </div>
    </Panel>
  );
}

function CommissionsPanel() {
  const t = useTranslations('growth.resale');
  const commissions = usePages('listCommissions', {});
  return (
    <Panel title={t('commissions')}>
      <DataTable
        label={t('commissions')}
        list={commissions}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(): Column<Commission>[] {
  const t = useTranslations('growth');
  const text = useAmountText();
  return [
    { title: t('who'), cell: ({ who }) => who },
    { title: t('resale.at'), cell: ({ paid_at: at }) => <When at={at} show="day" /> },
    {
      title: t('resale.paid'),
      align: 'end',
      cell: ({ paid, kept, currency }) => (
        <span className="twofold">
          <Amount value={paid} currency={currency} />
          {kept !== paid && <small>{t('resale.keptOf', { kept: text(kept, currency) })}</small>}
        </span>
      ),
    },
    { title: t('state'), cell: (commission) => <ReferralState referral={commission} /> },
    {
      title: t('resale.commission'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
    },
  ];
}
