import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { Id } from '../../ui/Id.tsx';
import { When } from '../../ui/When.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { SearchPage } from '../filters/SearchPage.tsx';
import { type Organization, OrganizationStatus } from './OrganizationStatus.tsx';

const statuses = ['active', 'past_due', 'suspended'] as const;
const flags = ['any', 'open', 'confirmed'] as const;

const route = getRouteApi('/console/admin/organizations');

export function OrganizationsPage() {
  const t = useTranslations('console.customer');
  const tUi = useTranslations('ui');
  const tStatuses = useTranslations('console.organizations.statuses');
  const timeZone = useTimeZone() ?? 'UTC';
  const search = route.useSearch();
  const { q, plan, from, to } = search;
  const status = statuses.find((one) => one === search.status);
  const flag = flags.find((one) => one === search.flag);
  const navigate = useNavigate();
  const set = (change: Partial<typeof search>) =>
    void navigate({
      to: paths.consoleOrganizations,
      search: { ...search, ...change },
      replace: true,
    });
  return (
    <SearchPage
      words="console.organizations"
      list={usePages('searchOrganizations', {
        query: {
          ...(q && { q }),
          ...(plan && { plan }),
          ...(status && { status }),
          ...(flag && { flag }),
          ...instantsOf(timeZone, { from, to }),
        },
      })}
      columns={useColumns()}
      q={q}
      onSearch={(text) => set({ q: text })}
      onClear={() => set({ q: '', status: '', plan: '', flag: '', from: '', to: '' })}
      filters={
        <>
          <ChoiceFilter
            label={tUi('status')}
            any={t('anyStatus')}
            value={status}
            options={statuses.map((value) => ({ value, label: tStatuses(value) }))}
            onChange={(chosen) => set({ status: chosen })}
          />
          <PlanFilter value={plan} onChange={(chosen) => set({ plan: chosen })} />
          <ChoiceFilter
            label={t('flag')}
            any={t('anyFlag')}
            value={flag}
            options={flags.map((value) => ({ value, label: t(`flags.${value}`) }))}
            onChange={(chosen) => set({ flag: chosen })}
          />
          <DaysFilter from={from} to={to} onChange={set} />
        </>
      }
    />
  );
}

function PlanFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (plan: string) => void;
}) {
  const t = useTranslations('console.customer');
  const plans = useQuery(reading('searchPlans', { query: { limit: 200 } }));
  return (
    <ChoiceFilter
      label={t('plan')}
      any={t('anyPlan')}
      value={value}
      options={(plans.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      onChange={onChange}
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
