import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useTranslations } from 'use-intl';
import { paths } from '../../paths.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { CallsBy } from './CallsBy.tsx';
import { MetersPanel } from './MetersPanel.tsx';
import { type Group, groups, type Period, periods } from './period.ts';

const route = getRouteApi('/portal/usage');

export function UsagePage() {
  const t = useTranslations('usageSplit');
  const search = route.useSearch();
  const navigate = useNavigate();
  const group = groups.find((name) => name === search.by) ?? 'model';
  const period = periods.find((days) => String(days) === search.days) ?? 30;
  const set = (change: { by?: Group; days?: string; meter?: string }) =>
    void navigate({ to: paths.usage, search: { ...search, ...change }, replace: true });
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <Segmented<Period>
            aria-label={t('from')}
            value={period}
            onChange={(days) => set({ days: String(days) })}
            options={periods.map((days) => ({ value: days, label: t('days', { days }) }))}
          />
        }
      />
      <CallsBy group={group} period={period} onGroup={(by) => set({ by })} />
      <MetersPanel period={period} chosen={search.meter} onChoose={(meter) => set({ meter })} />
    </div>
  );
}
