import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { fromNanos, percentOf, toNanos } from '../../ui/decimal.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Usage } from '../../ui/Usage.tsx';
import { CostCenterField } from './CostCenterField.tsx';
import { EditCaps } from './EditCaps.tsx';

export type Capped = Answer<'listSpendCaps'>['data'][number];

const spans = ['day', 'month', 'total'] as const;

interface CapsPanelProps {
  organizationId: string;
  kind: Capped['subject']['kind'];
}

/** What members, or cost centers, may spend and have spent. */
export function CapsPanel({ organizationId, kind }: CapsPanelProps) {
  const t = useTranslations('costCenters');
  const caps = usePages('listSpendCaps', { params: { id: organizationId }, query: { kind } });
  const columns = useColumns(organizationId, kind);
  return (
    <Panel note={t(`capsNote.${kind}`)} title={t(`capsTitle.${kind}`)}>
      <DataTable
        label={t(`capsTitle.${kind}`)}
        list={caps}
        columns={columns}
        rowKey={({ subject }) => subject.id}
        renderError={renderFailure}
        empty={<EmptyState title={t('empty')}>{t('emptyNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(organizationId: string, kind: Capped['subject']['kind']): Column<Capped>[] {
  const t = useTranslations('costCenters');
  const tUi = useTranslations('ui');
  const center: Column<Capped> = {
    title: t('center'),
    cell: (row) => <CostCenterField organizationId={organizationId} member={row} />,
  };
  return [
    {
      title: t(kind),
      cell: ({ name, detail }) => (
        <>
          {name}
          {detail !== name && (
            <>
              <br />
              <small>{detail}</small>
            </>
          )}
        </>
      ),
    },
    ...(kind === 'member' ? [center] : []),
    ...spans.map(
      (span): Column<Capped> => ({
        title: t(`spans.${span}`),
        cell: (row) => <Cap row={row} span={span} />,
      }),
    ),
    {
      title: tUi('actions'),
      isActions: true,
      cell: (row) => <Edit row={row} organizationId={organizationId} />,
    },
  ];
}

function Cap({ row, span }: { row: Capped; span: (typeof spans)[number] }) {
  const t = useTranslations('costCenters');
  const cap = row[span];
  if (cap === null) return <span className="soft">{t('none')}</span>;
  const gone = fromNanos(toNanos(cap.used) + toNanos(cap.reserved));
  const percent = toNanos(cap.limit) === 0n ? 100 : percentOf(gone, cap.limit);
  const amount = (value: string) => <Amount value={value} currency={row.currency} />;
  return (
    <Usage
      label={t('capLabel', {
        name: row.name,
        span: t(`spans.${span}`),
        used: cap.used,
        limit: cap.limit,
      })}
      percent={percent}
      start={t.rich('usedOf', { used: () => amount(cap.used), limit: () => amount(cap.limit) })}
      end={null}
    />
  );
}

function Edit({ row, organizationId }: { row: Capped; organizationId: string }) {
  const t = useTranslations('costCenters');
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="actions">
      <AllowedButton
        operation="setSpendCaps"
        size="small"
        aria-label={t('editCapsNamed', { name: row.name })}
        onClick={() => setOpen(true)}
      >
        {t('editCaps')}
      </AllowedButton>
      {isOpen && (
        <EditCaps row={row} organizationId={organizationId} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}
