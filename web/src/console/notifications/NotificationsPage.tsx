/** What customers were told, and what could not be told. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import {
  type Telling,
  tellingStatuses,
  useTellingColumns,
} from '../../features/notices/telling-columns.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

const route = getRouteApi('/console/admin/notifications');

export function NotificationsPage() {
  const t = useTranslations('notices.tellings');
  const tNav = useTranslations('console.nav');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { organization } = search;
  const status = tellingStatuses.find((each) => each === search.status);
  const choose = (change: { organization?: string; status?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const tellings = usePages('searchNoticeTellings', {
    query: { ...(organization && { organization }), ...(status && { status }) },
  });
  const columns = useColumns();
  return (
    <div className="page">
      <PageHeader title={tNav('notifications')} note={t('note')} />
      <Panel>
        <div className="actions">
          <OrganizationFilter
            value={organization}
            onChange={(id) => choose({ organization: id ?? '' })}
          />
          <ChoiceFilter
            label={t('only')}
            any={t('any')}
            value={status}
            options={tellingStatuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
            onChange={(chosen) => choose({ status: chosen })}
          />
        </div>
        <DataTable
          label={tNav('notifications')}
          list={tellings}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            organization || status ? (
              <NoMatch onClear={() => choose({ organization: '', status: '' })} />
            ) : (
              <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
            )
          }
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<Telling>[] {
  const t = useTranslations('audit');
  const columns = useTellingColumns(() => undefined);
  return [
    { title: t('customer'), cell: ({ organization }) => <OrganizationLink id={organization} /> },
    ...columns,
  ];
}
