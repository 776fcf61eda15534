import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { forecastError } from './forecast.ts';

type Summary = Answer<'getBillingSummary'>;

/** What was used this month, what it will come to, and how good last month's forecast was. */
export function ThisMonth() {
  const t = useTranslations('billing');
  const summary = useQuery(reading('getBillingSummary'));
  if (summary.error && !summary.data) {
    return <Failure error={summary.error} onRetry={() => void summary.refetch()} />;
  }
  return (
    <Panel title={t('month.title')} note={t('month.note')}>
      {summary.data ? <MonthFacts summary={summary.data} /> : <Loading rows={4} />}
    </Panel>
  );
}

function MonthFacts({ summary: { usage, forecast } }: { summary: Summary }) {
  const t = useTranslations('billing.month');
  const format = useFormatter();
  const amount = (value: string) => <Amount value={value} currency={forecast.currency} />;
  return (
    <>
      <Facts
        as="figures"
        items={[
          { label: t('soFar'), value: <Amount value={usage.amount} currency={usage.currency} /> },
          { label: t('expected'), value: amount(forecast.expected) },
          { label: t('calls'), value: format.number(usage.calls) },
        ]}
      />
      <p>
        {t.rich('range', {
          low: () => amount(forecast.low),
          high: () => amount(forecast.high),
          when: () => <When at={usage.to} show="day" />,
        })}
      </p>
      {forecast.last_period ? (
        <LastMonth last={forecast.last_period} currency={forecast.currency} />
      ) : (
        <p className="soft">{t('noLast')}</p>
      )}
    </>
  );
}

interface LastMonthProps {
  last: NonNullable<Summary['forecast']['last_period']>;
  currency: string;
}

function LastMonth({ last, currency }: LastMonthProps) {
  const t = useTranslations('billing.month');
  const amounts = {
    expected: () => <Amount value={last.expected} currency={currency} />,
    actual: () => <Amount value={last.actual} currency={currency} />,
  };
  const error = forecastError(last);
  if (error === undefined) return <p className="soft">{t.rich('lastPlain', amounts)}</p>;
  const key = error === 0 ? 'lastExact' : error > 0 ? 'lastHigh' : 'lastLow';
  return <p className="soft">{t.rich(key, { ...amounts, percent: Math.abs(error) })}</p>;
}
