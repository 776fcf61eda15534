import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Id } from '../../ui/Id.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { instantsOf } from '../filters/zone-instant.ts';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { Actor, type AuditEntry } from './Actor.tsx';
import { AuditDetails } from './AuditDetails.tsx';
import { AuditFilters, type AuditSearch } from './AuditFilters.tsx';
import { useActionName } from './action-name.ts';

const route = getRouteApi('/console/admin/audit');
const noFilters = { organization: '', actor: '', action: '', resource: '', from: '', to: '' };

export function AuditPage() {
  const t = useTranslations('console.audit');
  const timeZone = useTimeZone() ?? 'UTC';
  const { entry, from, to, ...names } = route.useSearch();
  const set = useSearchChange();
  const entries = usePages('searchAuditLogs', {
    query: { ...names, ...instantsOf(timeZone, { from, to }) },
  });
  const opened = entries.rows?.find(({ id }) => id === entry);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <AuditFilters search={{ from, to, ...names }} onChange={set} />
        <DataTable
          label={t('title')}
          list={entries}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<NoMatch onClear={() => set(noFilters)} />}
        />
      </Panel>
      {opened && <AuditDetails entry={opened} onClose={() => set({ entry: '' })} />}
    </div>
  );
}

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: AuditSearch & { entry?: string }) =>
    void navigate({
      to: paths.consoleAudit,
      search: { ...search, entry: '', ...change },
      replace: true,
    });
}

function useColumns(): Column<AuditEntry>[] {
  const t = useTranslations('console.audit');
  const tUi = useTranslations('ui');
  const set = useSearchChange();
  return [
    { title: tUi('time'), cell: ({ created_at }) => <When at={created_at} show="second" /> },
    { title: t('action'), cell: (entry) => <Action entry={entry} /> },
    { title: t('actor'), cell: (entry) => <Actor entry={entry} /> },
    { title: t('resource'), cell: ({ resource }) => <Id value={resource.id} isShort /> },
    {
      title: t('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ id }) => (
        <Button size="small" onClick={() => set({ entry: id })}>
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
