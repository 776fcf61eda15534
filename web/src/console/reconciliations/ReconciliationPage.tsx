/** One day: both sides' totals, and the differences to work through. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Switch } from 'antd';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { useDateText, When } from '../../ui/When.tsx';
import { ItemsTable } from './ItemsTable.tsx';
import { type Reconciliation, results } from './reconciliation.ts';
import { StandingOf } from './StandingOf.tsx';
import { useStatementProviders } from './statement-providers.ts';
import { TotalsPanel } from './TotalsPanel.tsx';

const route = getRouteApi('/console/admin/reconciliations/$id');
const runningReadMs = 3_000;

export function ReconciliationPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.reconciliations');
  const day = useQuery({
    ...reading('getReconciliation', { params: { id }, query: { limit: 1 } }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? runningReadMs : false),
  });
  if (day.data) return <Shown day={day.data} />;
  return (
    <div className="page">
      <PageHeader
        title={t('one')}
        note={<Link to={paths.consoleReconciliations}>{t('all')}</Link>}
      />
      {day.error ? (
        <Failure error={day.error} onRetry={() => void day.refetch()} />
      ) : (
        <Loading rows={12} />
      )}
    </div>
  );
}

function Shown({ day }: { day: Reconciliation }) {
  const t = useTranslations('console.reconciliations');
  const tUi = useTranslations('ui');
  const dateText = useDateText();
  const { provider, date, from, to, finished_at, next_try_at, counts } = day;
  const known = useStatementProviders().find((each) => each.provider === provider);
  return (
    <div className="page">
      <PageHeader
        title={t('named', { name: known?.name ?? provider, date: dateText(date) })}
        note={<Link to={paths.consoleReconciliations}>{t('all')}</Link>}
        actions={<RunAgain day={day} />}
      />
      <Panel>
        <Facts
          items={[
            { label: tUi('status'), value: <StandingOf day={day} /> },
            { label: t('results.matched'), value: t('count', { count: counts.matched }) },
            { label: t('results.missing_here'), value: t('count', { count: counts.missing_here }) },
            {
              label: t('results.missing_there'),
              value: t('count', { count: counts.missing_there }),
            },
            { label: t('results.different'), value: t('count', { count: counts.different }) },
            ...(from && to ? [{ label: t('from'), value: <When at={from} show="second" /> }] : []),
            ...(from && to ? [{ label: t('to'), value: <When at={to} show="second" /> }] : []),
            ...(finished_at ? [{ label: t('finished'), value: <When at={finished_at} /> }] : []),
            ...(next_try_at ? [{ label: t('nextTry'), value: <When at={next_try_at} /> }] : []),
          ]}
        />
      </Panel>
      {day.totals.map((totals) => (
        <TotalsPanel key={totals.currency} totals={totals} />
      ))}
      {day.status === 'done' && day.totals.length === 0 && (
        <Panel>
          <p className="soft">{t('nothingHappened')}</p>
        </Panel>
      )}
      <Items day={day} />
    </div>
  );
}

function RunAgain({ day: { provider, date, status } }: { day: Reconciliation }) {
  const t = useTranslations('console.reconciliations');
  const run = useChange('createReconciliation', {
    refreshes: ['listReconciliations', 'getReconciliation', 'listReconciliationItems'],
  });
  return (
    <>
      <AllowedButton
        operation="createReconciliation"
        loading={run.isPending}
        blockedBecause={status === 'running' ? t('isRunning') : undefined}
        onClick={() =>
          run.mutate({ body: { provider, date }, idempotencyKey: newIdempotencyKey() })
        }
      >
        {t('runAgain')}
      </AllowedButton>
      <Refused error={run.error} />
    </>
  );
}

function Items({ day }: { day: Reconciliation }) {
  const t = useTranslations('console.reconciliations');
  const { id } = route.useParams();
  const { result, q, show } = route.useSearch();
  const navigate = useNavigate();
  const set = (change: { result?: string; q?: string; show?: string }) =>
    void navigate({
      to: paths.consoleReconciliation,
      params: { id },
      search: (before) => ({ ...before, ...change }),
      replace: true,
    });
  const chosen = results.find((known) => known === result);
  const isAll = show === 'all' || chosen !== undefined || q !== undefined;
  return (
    <Panel title={t('items')} note={t('itemsNote')}>
      <div className="actions">
        <TextFilter label={t('search')} value={q} onChange={(text) => set({ q: text })} />
        <ChoiceFilter
          label={t('result')}
          any={t('anyResult')}
          value={chosen}
          options={results.map((value) => ({ value, label: t(`results.${value}`) }))}
          onChange={(value) => set({ result: value })}
        />
        <span className="day-filter">
          <Switch
            id="show-all-items"
            checked={isAll}
            disabled={isAll && show !== 'all'}
            onChange={(checked) => set({ show: checked ? 'all' : '' })}
          />
          <label htmlFor="show-all-items">{t('showAll')}</label>
        </span>
      </div>
      <ItemsTable
        day={day}
        query={{
          ...(chosen && { result: chosen }),
          ...(q && { q }),
          ...(!isAll && { open: 'true' as const }),
        }}
      />
    </Panel>
  );
}
