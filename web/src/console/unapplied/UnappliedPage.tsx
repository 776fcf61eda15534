import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { unappliedStates, useUnappliedColumns } from './columns.tsx';

const route = getRouteApi('/console/admin/unapplied');

/** Money that came in and fits no open invoice: nothing happens to it until a person looks. */
export function UnappliedPage() {
  const t = useTranslations('console.unapplied');
  const tParked = useTranslations('console.parked');
  const { state, organization } = route.useSearch();
  const navigate = useNavigate();
  const set = (change: { state?: string; organization?: string }) =>
    void navigate({
      to: paths.consoleUnapplied,
      search: (before) => ({ ...before, ...change }),
      replace: true,
    });
  const chosen = unappliedStates.find((known) => known === state);
  const list = usePages('listUnapplied', {
    query: { ...(chosen && { state: chosen }), ...(organization && { organization }) },
  });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <ChoiceFilter
            label={tParked('state')}
            any={tParked('anyState')}
            value={chosen}
            options={unappliedStates.map((value) => ({ value, label: tParked(`states.${value}`) }))}
            onChange={(value) => set({ state: value })}
          />
          <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
        </div>
        <DataTable
          label={t('title')}
          list={list}
          columns={useUnappliedColumns({ isOfPayment: false })}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            chosen || organization ? (
              <NoMatch onClear={() => set({ state: '', organization: '' })} />
            ) : (
              <EmptyState
                title={t('none')}
                action={<ButtonLink to={paths.consolePayments}>{t('toPayments')}</ButtonLink>}
              >
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
    </div>
  );
}
