import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { UsageByDay } from '../../features/usage/UsageByDay.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { dayOf } from '../../ui/zone-days.ts';
import { Change } from './Change.tsx';
import type { CostsSearch } from './filters.ts';
import { splitRows } from './split.ts';
import { filterQuery, useBounds, useUsageOf } from './use-usage.ts';

interface TotalsPanelProps {
  search: CostsSearch;
  timeZone: string;
}

/** What the range came to, against the one before, and day by day. */
export function TotalsPanel({ search, timeZone }: TotalsPanelProps) {
  const t = useTranslations('costs');
  const format = useFormatter();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const usage = useUsageOf(search, timeZone, undefined);
  const total =
    usage.current && usage.previous && splitRows(usage.current, usage.previous, 'none').total;
  return (
    <>
      <Panel title={t('total')}>
        {usage.error && !total && <Failure error={usage.error} onRetry={usage.retry} />}
        {!total && !usage.error && <Loading rows={2} />}
        {total && (
          <Facts
            as="figures"
            items={[
              { label: t('spent'), value: <Amount value={total.amount} currency={currency} /> },
              { label: t('before'), value: <Amount value={total.previous} currency={currency} /> },
              { label: t('change'), value: <Change change={total.change} /> },
              { label: t('calls'), value: format.number(total.calls) },
            ]}
          />
        )}
        <NextInvoice />
      </Panel>
      <Days search={search} timeZone={timeZone} currency={currency} />
    </>
  );
}

function NextInvoice() {
  const t = useTranslations('costs');
  const isAllowed = !useRefusalOf()('getBillingSummary');
  const summary = useQuery({ ...reading('getBillingSummary'), enabled: isAllowed });
  const next = summary.data?.next_invoice;
  if (!next) return null;
  return (
    <p>
      {t.rich('nextInvoice', {
        amount: () => <Amount value={next.total} currency={next.currency} />,
        when: () => <When at={next.at} show="day" />,
      })}
    </p>
  );
}

function Days({ search, timeZone, currency }: TotalsPanelProps & { currency: string }) {
  const t = useTranslations('costs');
  const { current, days } = useBounds(search, timeZone);
  const usage = useQuery(
    reading('getUsage', { query: { ...current, interval: 'day', ...filterQuery(search) } }),
  );
  const points = usage.data?.data;
  const byDay = new Map(points?.map((point) => [dayOf(new Date(point.from), timeZone), point]));
  const shown = days.map((day) => {
    const { calls = 0, amount = '0' } = byDay.get(day) ?? {};
    return { day, calls, amount };
  });
  return (
    <UsageByDay title={t('byDay')} days={points && shown} currency={currency}>
      {usage.error && <Failure error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isPending && <Loading rows={5} />}
      {points && <EmptyState title={t('quiet')}>{t('quietNote')}</EmptyState>}
    </UsageByDay>
  );
}
