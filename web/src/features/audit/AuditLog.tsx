/** The audit log with its filters, its details and its exports: of one organization, or for operators of all. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Id } from '../../ui/Id.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { renderFailure } from '../errors/Failure.tsx';
import { Actor, type AuditEntry } from './Actor.tsx';
import { AuditDetails } from './AuditDetails.tsx';
import { type AuditChange, AuditFilters, type AuditSearch } from './AuditFilters.tsx';
import { useActionName } from './action-name.ts';
import { ExportButtons, type ExportOperation } from './ExportButtons.tsx';

interface AuditLogProps {
  operation: 'listAuditLogs' | 'searchAuditLogs';
  exportOperation: ExportOperation;
  search: AuditSearch & { entry?: string | undefined };
  /** Changes what stands in the address; an empty text takes it away. */
  onChange: (change: AuditChange & { entry?: string }) => void;
  /** The console's own: which customer, and whose entry it is. */
  customers?: { filter: ReactNode; render: (organization: string | null) => ReactNode };
}

const noFilters = {
  organization: '',
  actor: '',
  action: '',
  resource: '',
  ip: '',
  id: '',
  from: '',
  to: '',
};

export function AuditLog({
  operation,
  exportOperation,
  search: { entry, from, to, ...names },
  onChange,
  customers,
}: AuditLogProps) {
  const t = useTranslations('audit');
  const timeZone = useTimeZone() ?? 'UTC';
  const query = { ...names, ...instantsOf(timeZone, { from, to }) };
  const entries = usePages(operation, { query });
  const columns = useColumns(customers?.render, (id) => onChange({ entry: id }));
  const opened = entries.rows?.find(({ id }) => id === entry);
  const isFiltered = Object.values(query).some(Boolean);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <AuditFilters
          search={{ from, to, ...names }}
          onChange={onChange}
          first={customers?.filter}
        />
        <ExportButtons operation={exportOperation} query={query} />
        <DataTable
          label={t('title')}
          list={entries}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<Nothing isFiltered={isFiltered} onClear={() => onChange(noFilters)} />}
        />
      </Panel>
      {opened && (
        <AuditDetails
          entry={opened}
          customer={customers?.render(opened.organization)}
          onClose={() => onChange({ entry: '' })}
        />
      )}
    </div>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useTranslations('audit');
  if (!isFiltered) return <EmptyState title={t('empty')}>{t('emptyNote')}</EmptyState>;
  return (
    <EmptyState title={t('noneMatch')} action={<Button onClick={onClear}>{t('clear')}</Button>}>
      {t('noneMatchNote')}
    </EmptyState>
  );
}

function useColumns(
  renderCustomer: ((organization: string | null) => ReactNode) | undefined,
  open: (id: string) => void,
): Column<AuditEntry>[] {
  const t = useTranslations('audit');
  const tUi = useTranslations('ui');
  return [
    { title: tUi('time'), cell: ({ created_at }) => <When at={created_at} show="second" /> },
    { title: t('action'), cell: (entry) => <Action entry={entry} /> },
    { title: t('actor'), cell: (entry) => <Actor entry={entry} /> },
    { title: t('resource'), cell: ({ resource }) => <Id value={resource.id} isShort /> },
    ...(renderCustomer
      ? [
          {
            title: t('customer'),
            cell: ({ organization }: AuditEntry) => renderCustomer(organization),
          },
        ]
      : [{ title: t('ip'), cell: ({ ip }: AuditEntry) => ip ?? '–' }]),
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ id }) => (
        <Button size="small" onClick={() => open(id)}>
          {t('details')}
        </Button>
      ),
    },
  ];
}

function Action({ entry: { action } }: { entry: AuditEntry }) {
  const name = useActionName()(action);
  return (
    <span className="twofold">
      {name ?? <code>{action}</code>}
      {name && (
        <small>
          <code>{action}</code>
        </small>
      )}
    </span>
  );
}
