/** How the business does this month; every figure leads to its report. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Definitions } from '../reports/Definitions.tsx';

/** Reports are of days and months: nobody waits for the second. */
const staleTime = 60_000;

export function BusinessPanel() {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const revenue = useQuery({ ...reading('getRevenueReport', {}), staleTime });
  const mrr = useQuery({ ...reading('getMrrReport', {}), staleTime });
  const churn = useQuery({ ...reading('getChurnReport', {}), staleTime });
  const debt = useQuery({ ...reading('getBadDebtReport', {}), staleTime });
  const payments = useQuery({ ...reading('getPaymentsReport', {}), staleTime });
  const share = (part: number | null | undefined) =>
    part === null || part === undefined
      ? '–'
      : format.number(part, { style: 'percent', maximumFractionDigits: 1 });
  const all = [revenue, mrr, churn, debt, payments];
  const isWaiting = all.some(({ isPending }) => isPending);
  return (
    <Panel
      title={t('business')}
      actions={
        <>
          <ButtonLink to={paths.consoleReports}>{t('toReports')}</ButtonLink>
          <Definitions
            of={[
              ...(['recognized', 'forecast', 'mrr', 'customers', 'customerChurn'] as const),
              ...(['overdue', 'successRate'] as const),
            ]}
          />
        </>
      }
    >
      {isWaiting ? (
        <Loading rows={3} />
      ) : (
        <Facts
          as="figures"
          items={[
            {
              label: t('figures.recognized'),
              value: (
                <Link to={paths.consoleRevenue}>
                  <InEach of={revenue.data?.currencies} value={earnedNow} />
                </Link>
              ),
            },
            {
              label: t('figures.forecast'),
              value: <InEach of={revenue.data?.currencies} value={expected} />,
            },
            {
              label: t('figures.mrr'),
              value: (
                <Link to={paths.consoleMrr}>
                  <InEach of={mrr.data?.currencies} value={({ mrr: worth }) => worth} />
                </Link>
              ),
            },
            {
              label: t('figures.customerChurn'),
              value: (
                <Link to={paths.consoleChurn}>
                  {share(churn.data?.currencies[0]?.points.at(-1)?.customer_churn)}
                </Link>
              ),
            },
            {
              label: t('figures.overdue'),
              value: (
                <Link to={paths.consoleBadDebt}>
                  <InEach of={debt.data?.currencies} value={({ overdue }) => overdue} />
                </Link>
              ),
            },
            {
              label: t('figures.successRate'),
              value: (
                <Link to={paths.consolePaymentsReport}>
                  {share(payments.data?.points.at(-1)?.success_rate)}
                </Link>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

type OfCurrency = Answer<'getRevenueReport'>['currencies'][number];
const earnedNow = ({ points }: OfCurrency) => points.at(-1)?.recognized ?? '0';
const expected = ({ forecast }: OfCurrency) => forecast?.expected ?? '0';

interface InEachProps<T> {
  of: T[] | undefined;
  value: (one: T) => string;
}

/** Currencies are never added up: each is its own line. */
function InEach<T extends { currency: string }>({ of, value }: InEachProps<T>): ReactNode {
  if (!of || of.length === 0) return '–';
  return (
    <span className="twofold">
      {of.map((one) => (
        <Amount key={one.currency} value={value(one)} currency={one.currency} />
      ))}
    </span>
  );
}
