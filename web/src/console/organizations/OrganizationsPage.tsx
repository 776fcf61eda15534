import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { paths } from '../../paths.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Id } from '../../ui/Id.tsx';
import { When } from '../../ui/When.tsx';
import { SearchPage } from '../filters/SearchPage.tsx';
import { type Organization, OrganizationStatus } from './OrganizationStatus.tsx';

const route = getRouteApi('/console/admin/organizations');

export function OrganizationsPage() {
  const { q } = route.useSearch();
  const navigate = useNavigate();
  return (
    <SearchPage
      words="console.organizations"
      list={usePages('searchOrganizations', { query: q ? { q } : {} })}
      columns={useColumns()}
      q={q}
      onSearch={(text) =>
        void navigate({ to: paths.consoleOrganizations, search: { q: text }, replace: true })
      }
    />
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
