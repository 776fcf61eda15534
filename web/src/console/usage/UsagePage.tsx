/** What all customers use, while they use it. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useTranslations } from 'use-intl';
import { paths } from '../../paths.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ApplicationFilter } from '../applications/ApplicationFilter.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { CallsPanels } from './CallsPanels.tsx';
import { GroupsPanel, groups } from './GroupsPanel.tsx';
import { type Period, periods } from './intervals.ts';
import { MetersPanel } from './MetersPanel.tsx';

const route = getRouteApi('/console/admin/usage');

export function UsagePage() {
  const t = useTranslations('console.usage');
  const search = route.useSearch();
  const set = useSearchChange();
  const period = periods.find((known) => known === search.period) ?? 'day';
  const { organization, application } = search;
  const filters = { organization, application };
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <Segmented<Period>
            aria-label={t('period')}
            value={period}
            onChange={(chosen) => set({ period: chosen })}
            options={periods.map((value) => ({ value, label: t(`periods.${value}`) }))}
          />
        }
      />
      <div className="actions">
        <OrganizationFilter
          value={organization}
          onChange={(chosen) => set({ organization: chosen })}
        />
        <ApplicationFilter
          by="id"
          value={application}
          onChange={(chosen) => set({ application: chosen })}
        />
      </div>
      <CallsPanels period={period} filters={filters} />
      <GroupsPanel
        group={groups.find((known) => known === search.by) ?? 'model'}
        period={period}
        filters={filters}
        onGroup={(by) => set({ by })}
      />
      <MetersPanel
        period={period}
        filters={filters}
        chosen={search.meter}
        onChoose={(meter) => set({ meter })}
      />
    </div>
  );
}

type Search = Partial<Record<'period' | 'organization' | 'application' | 'by' | 'meter', string>>;

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({ to: paths.consoleUsage, search: { ...search, ...change }, replace: true });
}
