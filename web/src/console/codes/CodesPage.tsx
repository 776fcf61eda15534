import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { NewCodes } from './NewCodes.tsx';
import { Redemptions } from './Redemptions.tsx';

const route = getRouteApi('/console/admin/codes');

type Batch = Answer<'searchRedemptionCodes'>['data'][number];

export function CodesPage() {
  const t = useTranslations('console.codes');
  const navigate = useNavigate();
  const { batch } = route.useSearch();
  const [isMaking, setMaking] = useState(false);
  const batches = usePages('searchRedemptionCodes', {});
  const show = (id: string) =>
    void navigate({ to: paths.consoleCodes, search: { batch: id }, replace: true });
  const create = (
    <AllowedButton operation="createRedemptionCodes" type="primary" onClick={() => setMaking(true)}>
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <Panel>
        <DataTable
          label={t('title')}
          list={batches}
          columns={useColumns(show)}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState title={t('none')} action={create}>
              {t('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
      {isMaking && <NewCodes onClose={() => setMaking(false)} />}
      {batch && (
        <Redemptions
          id={batch}
          name={batches.rows?.find(({ id }) => id === batch)?.name}
          onClose={() => show('')}
        />
      )}
    </div>
  );
}

function useColumns(show: (id: string) => void): Column<Batch>[] {
  const t = useTranslations('console.codes');
  return [
    {
      title: t('name'),
      cell: ({ name, created_at: at }) => (
        <span className="twofold">
          {name}
          <small>
            <When at={at} show="day" />
          </small>
        </span>
      ),
    },
    {
      title: t('credit'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
    },
    {
      title: t('spend'),
      cell: ({ credit_expires_in_days: count }) =>
        count === null ? t('stays') : t('daysText', { count }),
    },
    {
      title: t('until'),
      cell: ({ expires_at: until }) => (until === null ? '–' : <When at={until} />),
    },
    { title: t('unused'), align: 'end', cell: ({ unused }) => unused },
    { title: t('redeemed'), align: 'end', cell: ({ redeemed }) => redeemed },
    { title: t('void'), align: 'end', cell: (batch) => batch.void },
    { title: '', cell: (batch) => <Actions batch={batch} show={show} /> },
  ];
}

function Actions({ batch, show }: { batch: Batch; show: (id: string) => void }) {
  const t = useTranslations('console.codes');
  const confirm = useConfirm();
  const makeVoid = useChange('voidRedemptionCodes', { refreshes: ['searchRedemptionCodes'] });
  const { id, name, unused: count } = batch;
  const ask = () =>
    confirm({
      title: t('voidTitle', { name }),
      content: t('voidNote', { count }),
      okText: t('makeVoid'),
      isDanger: true,
      act: () => makeVoid.mutateAsync({ params: { id } }),
    });
  return (
    <span className="actions">
      <Button size="small" onClick={() => show(id)}>
        {t('redemptions')}
      </Button>
      <AllowedButton
        operation="voidRedemptionCodes"
        size="small"
        danger
        blockedBecause={count === 0 ? t('noneUnused') : undefined}
        onClick={ask}
      >
        {t('makeVoid')}
      </AllowedButton>
    </span>
  );
}
