import { Link } from '@tanstack/react-router';
import { App } from 'antd';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { EditCostCenter } from './EditCostCenter.tsx';

export type CostCenter = Answer<'listCostCenters'>['data'][number];

export function CostCentersPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('costCenters');
  const centers = usePages('listCostCenters', {
    params: { id: organizationId },
    query: { archived: 'true' },
  });
  const columns = useColumns(organizationId);
  return (
    <Panel>
      <DataTable
        label={t('tabs.centers')}
        list={centers}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('empty')}>{t('emptyNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(organizationId: string): Column<CostCenter>[] {
  const t = useTranslations('costCenters');
  const tUi = useTranslations('ui');
  const format = useFormatter();
  return [
    { title: t('code'), cell: ({ code }) => <code>{code}</code> },
    {
      title: t('name'),
      cell: ({ id, name }) => (
        <Link to={paths.costs} search={{ cost_center: id, by: 'member' }}>
          {name}
        </Link>
      ),
    },
    { title: t('members'), align: 'end', cell: ({ members }) => format.number(members) },
    { title: t('keys'), align: 'end', cell: ({ keys }) => format.number(keys) },
    {
      title: tUi('status'),
      cell: ({ archived_at: at }) => (
        <Status tone={at ? 'quiet' : 'good'}>{t(at ? 'archived' : 'inUse')}</Status>
      ),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (center) => <Actions center={center} organizationId={organizationId} />,
    },
  ];
}

function Actions({ center, organizationId }: { center: CostCenter; organizationId: string }) {
  const t = useTranslations('costCenters');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const [isEditing, setEditing] = useState(false);
  const { id, code, archived_at: archivedAt } = center;
  const update = useChange('updateCostCenter', { refreshes: ['listCostCenters'] });
  const turn = () =>
    update.mutate(
      {
        params: { id: organizationId, cost_center: id },
        body: { archived: archivedAt === null },
      },
      { onError: (error) => void message.error(errorText(error)) },
    );
  const action = archivedAt === null ? 'archive' : 'restore';
  return (
    <div className="actions">
      <AllowedButton
        operation="updateCostCenter"
        size="small"
        aria-label={t('editNamed', { code })}
        onClick={() => setEditing(true)}
      >
        {t('edit')}
      </AllowedButton>
      <AllowedButton
        operation="updateCostCenter"
        size="small"
        loading={update.isPending}
        aria-label={t(`${action}Named`, { code })}
        onClick={turn}
      >
        {t(action)}
      </AllowedButton>
      {isEditing && (
        <EditCostCenter
          organizationId={organizationId}
          center={center}
          onClose={() => setEditing(false)}
        />
      )}
    </div>
  );
}
