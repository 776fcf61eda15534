import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { FapiaoStatus } from '../../features/fapiao/FapiaoStatus.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { type Fapiao, statuses, taskOf } from './fapiao.ts';

const route = getRouteApi('/console/admin/fapiao');
const tabs = ['waiting', 'all'] as const;

export function FapiaoQueuePage() {
  const t = useTranslations('console.fapiao');
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const lists = { waiting: <Waiting />, all: <All /> };
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <TabPanels
          label={t('title')}
          active={tabs.find((key) => key === tab) ?? tabs[0]}
          onChange={(key) =>
            void navigate({ to: paths.consoleFapiao, search: { tab: key }, replace: true })
          }
          tabs={tabs.map((key) => ({ key, label: t(`tabs.${key}`), panel: lists[key] }))}
        />
      </Panel>
    </div>
  );
}

const waitingReadMs = 30_000;

/** What somebody has to do, the longest waiting first. */
function Waiting() {
  const t = useTranslations('console.fapiao');
  return (
    <DataTable
      label={t('tabs.waiting')}
      list={usePages(
        'searchFapiao',
        { query: { waiting: 'true' } },
        { refetchIntervalMs: waitingReadMs },
      )}
      columns={useColumns()}
      rowKey={({ id }) => id}
      renderError={renderFailure}
      empty={<EmptyState title={t('noneWaiting')}>{t('noneWaitingNote')}</EmptyState>}
    />
  );
}

function All() {
  const t = useTranslations('console.fapiao');
  const tStatuses = useTranslations('fapiao.statuses');
  const { q, status, organization } = route.useSearch();
  const navigate = useNavigate();
  const set = (search: { q?: string; status?: string; organization?: string }) =>
    void navigate({
      to: paths.consoleFapiao,
      search: (before) => ({ ...before, tab: 'all', ...search }),
      replace: true,
    });
  const chosen = statuses.find((known) => known === status);
  const query = {
    ...(q && { q }),
    ...(chosen && { status: chosen }),
    ...(organization && { organization }),
  };
  return (
    <div className="stack">
      <div className="actions">
        <TextFilter label={t('search')} value={q} onChange={(text) => set({ q: text })} />
        <ChoiceFilter
          label={t('anyStatus')}
          any={t('anyStatus')}
          value={chosen}
          options={statuses.map((value) => ({ value, label: tStatuses(value) }))}
          onChange={(value) => set({ status: value })}
        />
        <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
      </div>
      <DataTable
        label={t('tabs.all')}
        list={usePages('searchFapiao', { query })}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          q || chosen || organization ? (
            <NoMatch onClear={() => set({ q: '', status: '', organization: '' })} />
          ) : (
            <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
          )
        }
      />
    </div>
  );
}

function useColumns(): Column<Fapiao>[] {
  const t = useTranslations('console.fapiao');
  const tOwn = useTranslations('fapiao');
  const tUi = useTranslations('ui');
  return [
    {
      title: tOwn('madeOutTo'),
      cell: ({ id, title, vat }) => (
        <span className="twofold">
          <Link to={paths.consoleFapiaoOne} params={{ id }}>
            {title.name}
          </Link>
          <small>{tOwn(`vats.${vat}`)}</small>
        </span>
      ),
    },
    { title: t('customer'), cell: ({ organization }) => <OrganizationLink id={organization} /> },
    { title: tOwn('requested'), cell: ({ requested_at }) => <When at={requested_at} /> },
    { title: tUi('status'), cell: ({ status }) => <FapiaoStatus status={status} /> },
    {
      title: t('waitsFor'),
      cell: ({ status }) => {
        const task = taskOf(status);
        return task ? t(`tasks.${task}`) : '–';
      },
    },
    { title: tOwn('number'), cell: ({ number }) => number ?? '–' },
    {
      title: tOwn('amount'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} isExact />,
    },
  ];
}
