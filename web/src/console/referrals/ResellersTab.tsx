import { App } from 'antd';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { ResellerTerms } from './ResellerTerms.tsx';

export type Reseller = Answer<'searchResellers'>['data'][number];

/** Who resells, on which terms, and what it brings. */
export function ResellersTab() {
  const t = useTranslations('console.referrals');
  const [edited, setEdited] = useState<Reseller | 'new'>();
  const resellers = usePages('searchResellers', {});
  const make = (
    <AllowedButton operation="setReseller" type="primary" onClick={() => setEdited('new')}>
      {t('makeReseller')}
    </AllowedButton>
  );
  return (
    <Panel title={t('resellers')} note={t('resellersNote')} actions={make}>
      <DataTable
        label={t('resellers')}
        list={resellers}
        columns={useColumns(setEdited)}
        rowKey={({ organization }) => organization}
        renderError={renderFailure}
        empty={
          <EmptyState title={t('noResellers')} action={make}>
            {t('noResellersNote')}
          </EmptyState>
        }
      />
      {edited && (
        <ResellerTerms
          reseller={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Panel>
  );
}

function useColumns(edit: (reseller: Reseller) => void): Column<Reseller>[] {
  const t = useTranslations('console.referrals');
  const tResale = useTranslations('growth.resale');
  const format = useFormatter();
  const percent = (share: string) =>
    format.number(Number(share), { style: 'percent', maximumFractionDigits: 4 });
  return [
    {
      title: t('reseller'),
      cell: ({ organization, status }) => (
        <span className="twofold">
          <OrganizationLink id={organization} />
          <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`statuses.${status}`)}</Status>
        </span>
      ),
    },
    {
      title: tResale('share'),
      cell: ({ share, months: count }) => (
        <span className="twofold">
          {percent(share)}
          <small>{t('monthsText', { count })}</small>
        </span>
      ),
    },
    {
      title: t('waiting'),
      cell: ({ waiting_days: count }) => t('waitingText', { count }),
    },
    { title: tResale('customers'), align: 'end', cell: ({ customers }) => customers },
    ...(['paid', 'pending', 'earned'] as const).map(
      (figure): Column<Reseller> => ({
        title: tResale(figure),
        align: 'end',
        cell: (reseller) => <Amount value={reseller[figure]} currency={reseller.currency} />,
      }),
    ),
    { title: '', cell: (reseller) => <Actions reseller={reseller} edit={edit} /> },
  ];
}

function Actions({ reseller, edit }: { reseller: Reseller; edit: (reseller: Reseller) => void }) {
  const t = useTranslations('console.referrals');
  const confirm = useConfirm();
  const { message } = App.useApp();
  const end = useChange('endReseller', {
    refreshes: ['searchResellers'],
    onDone: () => void message.success(t('ended')),
  });
  const ask = () =>
    confirm({
      title: t('endTitle'),
      content: t('endNote'),
      okText: t('end'),
      isDanger: true,
      act: () => end.mutateAsync({ params: { id: reseller.organization } }),
    });
  return (
    <span className="actions">
      <AllowedButton operation="setReseller" size="small" onClick={() => edit(reseller)}>
        {t('changeTerms')}
      </AllowedButton>
      {reseller.status === 'active' && (
        <AllowedButton operation="endReseller" size="small" danger onClick={ask}>
          {t('end')}
        </AllowedButton>
      )}
    </span>
  );
}
