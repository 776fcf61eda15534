import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Status } from '../../ui/Status.tsx';
import { EditButton } from '../forms/EditButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { OwnedQuery } from './MeterTable.tsx';

export type Feature = Answer<'getFeature'>;

interface FeatureTableProps {
  query: OwnedQuery;
  onEdit: (id: string) => void;
  empty: ReactNode;
}

/** Features of the deployment and of every application, or of one. */
export function FeatureTable({ query, onEdit, empty }: FeatureTableProps) {
  const t = useTranslations('console.meters');
  return (
    <DataTable
      label={t('tabs.features')}
      list={usePages('listFeatures', { query })}
      columns={useColumns(onEdit)}
      rowKey={({ id }) => id}
      renderError={renderFailure}
      empty={empty}
    />
  );
}

function useColumns(onEdit: (id: string) => void): Column<Feature>[] {
  const t = useTranslations('console.features');
  const tMeters = useTranslations('console.meters');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('feature'),
      cell: ({ name, reference }) => (
        <span className="twofold">
          {name}
          <small>
            <code>{reference}</code>
          </small>
        </span>
      ),
    },
    { title: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'quiet'}>
          {tMeters(`statuses.${status}`)}
        </Status>
      ),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (feature) => <RowActions feature={feature} onEdit={onEdit} />,
    },
  ];
}

function RowActions({ feature, onEdit }: { feature: Feature; onEdit: (id: string) => void }) {
  const t = useTranslations('console.features');
  const tMeters = useTranslations('console.meters');
  const confirm = useConfirm();
  const update = useChange('updateFeature', { refreshes: ['listFeatures', 'getFeature'] });
  const { id, name } = feature;
  const isActive = feature.status === 'active';
  const ask = () =>
    confirm({
      title: tMeters(isActive ? 'archiveTitle' : 'restoreTitle', { name }),
      content: t(isActive ? 'archiveNote' : 'restoreNote'),
      okText: tMeters(isActive ? 'archive' : 'restore'),
      isDanger: isActive,
      act: () =>
        update.mutateAsync({ params: { id }, body: { status: isActive ? 'archived' : 'active' } }),
    });
  return (
    <span className="actions row-buttons">
      <EditButton operation="updateFeature" name={name} onClick={() => onEdit(id)} />
      <AllowedButton
        operation="updateFeature"
        size="small"
        danger={isActive}
        aria-label={tMeters(isActive ? 'archiveNamed' : 'restoreNamed', { name })}
        onClick={ask}
      >
        {tMeters(isActive ? 'archive' : 'restore')}
      </AllowedButton>
    </span>
  );
}
