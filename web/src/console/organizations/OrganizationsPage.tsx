import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Id } from '../../ui/Id.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { TextFilter } from '../filters/TextFilter.tsx';
import { type Organization, OrganizationStatus } from './OrganizationStatus.tsx';

const route = getRouteApi('/console/admin/organizations');

export function OrganizationsPage() {
  const t = useTranslations('console.organizations');
  const { q } = route.useSearch();
  const navigate = useNavigate();
  const organizations = usePages('searchOrganizations', { query: q ? { q } : {} });
  const search = (text: string) =>
    void navigate({ to: paths.consoleOrganizations, search: { q: text }, replace: true });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <TextFilter label={t('search')} value={q} onChange={search} autoFocus />
        </div>
        <DataTable
          label={t('title')}
          list={organizations}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<NoMatch onClear={() => search('')} />}
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<Organization>[] {
  const t = useTranslations('console.organizations');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('name'),
      cell: ({ id, name }) => (
        <Link to={paths.consoleOrganization} params={{ id }}>
          {name}
        </Link>
      ),
    },
    { title: 'ID', cell: ({ id }) => <Id value={id} isShort /> },
    { title: t('kind'), cell: ({ personal }) => t(personal ? 'personal' : 'shared') },
    { title: t('timeZone'), cell: ({ time_zone }) => time_zone },
    { title: tUi('status'), cell: ({ status }) => <OrganizationStatus status={status} /> },
    { title: t('since'), cell: ({ created_at }) => <When at={created_at} show="day" /> },
  ];
}
