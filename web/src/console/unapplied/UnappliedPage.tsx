import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useProviderName } from '../../features/payment/providers.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Id } from '../../ui/Id.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

type Unapplied = Answer<'listUnapplied'>['data'][number];

/** Money that came in and fits no open invoice: nothing happens to it until a person looks. */
export function UnappliedPage() {
  const t = useTranslations('console.unapplied');
  const list = usePages('listUnapplied', {});
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <DataTable
          label={t('title')}
          list={list}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState
              title={t('none')}
              action={<ButtonLink to={paths.consolePayments}>{t('toPayments')}</ButtonLink>}
            >
              {t('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<Unapplied>[] {
  const t = useTranslations('console.unapplied');
  const tUi = useTranslations('ui');
  const tPayments = useTranslations('console.payments');
  const providerName = useProviderName();
  return [
    { title: t('received'), cell: ({ received_at }) => <When at={received_at} /> },
    {
      title: tUi('amount'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
    },
    { title: t('reason'), cell: (money) => <Reason money={money} /> },
    {
      title: tPayments('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    { title: tPayments('provider'), cell: ({ provider }) => providerName(provider) },
    {
      title: tPayments('transaction'),
      cell: (money) => <Id value={money.provider_transaction} isShort />,
    },
    { title: tUi('actions'), isActions: true, cell: (money) => <ToPayment money={money} /> },
  ];
}

function Reason({ money: { reason } }: { money: Unapplied }) {
  const t = useTranslations('console.unapplied');
  return (
    <span className="twofold">
      {t(`reasons.${reason}`)}
      <small>{t(`reasonNotes.${reason}`)}</small>
    </span>
  );
}

function ToPayment({ money: { payment } }: { money: Unapplied }) {
  const t = useTranslations('console.unapplied');
  if (payment === null) return null;
  return (
    <ButtonLink size="small" to={paths.consolePayments} search={{ q: payment }}>
      {t('payment')}
    </ButtonLink>
  );
}
