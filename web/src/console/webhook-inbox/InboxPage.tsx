/** What payment providers told us, and what became of it. Dead letters are what somebody has to look at. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OutcomeStatus } from './OutcomeStatus.tsx';
import { type Notification, outcomes } from './outcomes.ts';

const route = getRouteApi('/console/admin/webhook-inbox');
const inboxReadMs = 15_000;

export function InboxPage() {
  const t = useTranslations('console.inbox');
  const { provider, outcome, from, to } = route.useSearch();
  const set = useSearchChange();
  const chosen = outcomes.find((known) => known === outcome);
  const timeZone = useTimeZone() ?? 'UTC';
  const list = usePages(
    'listPaymentNotifications',
    {
      query: {
        ...(provider && { provider }),
        ...(chosen && { outcome: chosen }),
        ...instantsOf(timeZone, { from, to }),
      },
    },
    { refetchIntervalMs: inboxReadMs },
  );
  const isFiltered = provider || chosen || from || to;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={list}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            isFiltered ? (
              <NoMatch onClear={() => set({ provider: '', outcome: '', from: '', to: '' })} />
            ) : (
              <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
            )
          }
        />
      </Panel>
    </div>
  );
}

type Search = Partial<Record<'provider' | 'outcome' | 'from' | 'to', string>>;

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({ to: paths.consoleInbox, search: { ...search, ...change }, replace: true });
}

function Filters() {
  const t = useTranslations('console.inbox');
  const tUi = useTranslations('ui');
  const { provider, outcome, from, to } = route.useSearch();
  const set = useSearchChange();
  const { data } = useQuery(reading('listProviders'));
  const providers = (data?.data ?? []).filter(({ capabilities }) => capabilities.notifies);
  return (
    <div className="actions">
      <ChoiceFilter
        label={t('provider')}
        any={t('anyProvider')}
        value={provider}
        options={providers.map(({ provider: value, name: label }) => ({ value, label }))}
        onChange={(value) => set({ provider: value })}
      />
      <ChoiceFilter
        label={tUi('status')}
        any={t('anyOutcome')}
        value={outcomes.find((known) => known === outcome)}
        options={outcomes.map((value) => ({ value, label: t(`outcomes.${value}`) }))}
        onChange={(value) => set({ outcome: value })}
      />
      <DaysFilter from={from} to={to} onChange={set} />
    </div>
  );
}

function useColumns(): Column<Notification>[] {
  const t = useTranslations('console.inbox');
  const tUi = useTranslations('ui');
  const { data } = useQuery(reading('listProviders'));
  const nameOf = (id: string) => data?.data.find(({ provider }) => provider === id)?.name ?? id;
  return [
    { title: t('received'), cell: ({ received_at }) => <When at={received_at} show="second" /> },
    { title: t('provider'), cell: ({ provider }) => nameOf(provider) },
    { title: tUi('status'), cell: ({ outcome }) => <OutcomeStatus outcome={outcome} /> },
    { title: t('why'), cell: (notification) => <Why notification={notification} /> },
    {
      title: t('deliveries'),
      align: 'end',
      cell: ({ deliveries }) => <span className="figure">{t('times', { count: deliveries })}</span>,
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ id, received_at }) => (
        <ButtonLink
          size="small"
          to={paths.consoleNotification}
          params={{ id }}
          aria-label={t('lookNamed', { at: received_at })}
        >
          {t('look')}
        </ButtonLink>
      ),
    },
  ];
}

function Why({ notification: { reason, next_try_at } }: { notification: Notification }) {
  const t = useTranslations('console.inbox');
  if (reason === null) return <span className="soft">–</span>;
  return (
    <span className="twofold">
      {reason}
      {next_try_at && (
        <small>
          {t('nextTry')} <When at={next_try_at} show="relative" />
        </small>
      )}
    </span>
  );
}
