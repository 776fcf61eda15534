import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useMeterName } from '../../features/quotas/meter-name.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Status } from '../../ui/Status.tsx';
import { EditButton } from '../forms/EditButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';

export type Meter = Answer<'getMeter'>;

export interface OwnedQuery {
  application?: string;
  status?: Meter['status'];
}

interface MeterTableProps {
  query: OwnedQuery;
  onEdit: (id: string) => void;
  empty: ReactNode;
}

/** Meters of the deployment and of every application, or of one. */
export function MeterTable({ query, onEdit, empty }: MeterTableProps) {
  const t = useTranslations('console.meters');
  return (
    <DataTable
      label={t('tabs.meters')}
      list={usePages('listMeters', { query })}
      columns={useColumns(onEdit)}
      rowKey={({ id }) => id}
      renderError={renderFailure}
      empty={empty}
    />
  );
}

function useColumns(onEdit: (id: string) => void): Column<Meter>[] {
  const t = useTranslations('console.meters');
  const tUi = useTranslations('ui');
  const meterName = useMeterName();
  return [
    {
      title: t('meter'),
      cell: ({ name, reference, application }) => (
        <span className="twofold">
          {application === null ? meterName(reference) : name}
          <small>
            <code>{reference}</code>
          </small>
        </span>
      ),
    },
    { title: t('counting'), cell: (meter) => <Counting meter={meter} /> },
    {
      title: t('unit'),
      cell: ({ unit, kind }) => (
        <span className="twofold">
          {t(`units.${unit}`)}
          {kind === 'level' && <small>{t('kinds.level')}</small>}
        </span>
      ),
    },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`statuses.${status}`)}</Status>
      ),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (meter) => <RowActions meter={meter} onEdit={onEdit} />,
    },
  ];
}

function Counting({ meter }: { meter: Meter }) {
  const t = useTranslations('console.meters');
  return (
    <span className="twofold">
      {t(`aggregations.${meter.aggregation}`)}
      {meter.property !== null && (
        <small>
          <code>{meter.property}</code>
        </small>
      )}
      {meter.requires_quota && <small>{t('requiresQuota')}</small>}
    </span>
  );
}

/** Moved by calls of models, so they cannot be done without. */
const ownMeters: readonly string[] = ['mtr_requests', 'mtr_tokens', 'mtr_cost'];

function RowActions({ meter, onEdit }: { meter: Meter; onEdit: (id: string) => void }) {
  const t = useTranslations('console.meters');
  const confirm = useConfirm();
  const update = useChange('updateMeter', { refreshes: ['listMeters', 'getMeter'] });
  const { id, name } = meter;
  const isActive = meter.status === 'active';
  const ask = () =>
    confirm({
      title: t(isActive ? 'archiveTitle' : 'restoreTitle', { name }),
      content: t(isActive ? 'archiveNote' : 'restoreNote'),
      okText: t(isActive ? 'archive' : 'restore'),
      isDanger: isActive,
      act: () =>
        update.mutateAsync({ params: { id }, body: { status: isActive ? 'archived' : 'active' } }),
    });
  return (
    <span className="actions row-buttons">
      <EditButton operation="updateMeter" name={name} onClick={() => onEdit(id)} />
      <AllowedButton
        operation="updateMeter"
        size="small"
        danger={isActive}
        blockedBecause={ownMeters.includes(id) ? t('own') : undefined}
        aria-label={t(isActive ? 'archiveNamed' : 'restoreNamed', { name })}
        onClick={ask}
      >
        {t(isActive ? 'archive' : 'restore')}
      </AllowedButton>
    </span>
  );
}
