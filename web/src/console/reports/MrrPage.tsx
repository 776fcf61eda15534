/** The MRR, its bridge, and the movements behind it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Course, type Measure } from './Course.tsx';
import { Definitions } from './Definitions.tsx';
import { MovementsPanel } from './MovementsPanel.tsx';
import { ReportBody } from './ReportBody.tsx';
import { ReportFrame, reportQuery } from './ReportFrame.tsx';

const route = getRouteApi('/console/admin/reports/mrr');

type Report = Answer<'getMrrReport'>;
type OfCurrency = Report['currencies'][number];
type Point = OfCurrency['points'][number];

export function MrrPage() {
  const search = route.useSearch();
  const { from, to } = reportQuery(search);
  const query = { ...(from && { from }), ...(to && { to }) };
  const report = useQuery({
    ...reading('getMrrReport', { query }),
    placeholderData: keepPreviousData,
  });
  return (
    <ReportFrame report="mrr" search={search} query={query} of={report.data}>
      <ReportBody report={report} isEmpty={(found) => found.currencies.length === 0}>
        {(found) => (
          <>
            {found.currencies.map((of) => (
              <CurrencyPanels key={of.currency} of={of} />
            ))}
            <StatesPanel states={found.subscriptions} />
            <MovementsPanel query={query} kind={search.kind} />
          </>
        )}
      </ReportBody>
    </ReportFrame>
  );
}

const movements = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const;

function CurrencyPanels({ of }: { of: OfCurrency }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const amount = useAmountText();
  const { currency } = of;
  const measure = (
    figure: 'start' | (typeof movements)[number] | 'net' | 'end',
    series?: 'first' | 'third',
  ): Measure<Point> => ({
    figure,
    ...(series && { series }),
    height: (point) => Number(point[figure]),
    text: (point) => amount(point[figure], currency),
  });
  return (
    <>
      <Panel
        title={t('inCurrency', { title: t('figures.mrr'), currency })}
        actions={<Definitions of={['mrr', 'customers', 'arpu']} />}
      >
        <Facts
          as="figures"
          items={[
            { label: t('figures.mrr'), value: <Amount value={of.mrr} currency={currency} /> },
            { label: t('figures.customers'), value: format.number(of.customers) },
            {
              label: t('figures.arpu'),
              value: of.arpu === null ? '–' : <Amount value={of.arpu} currency={currency} />,
            },
          ]}
        />
      </Panel>
      <Course
        title={t('inCurrency', { title: t('course'), currency })}
        interval="month"
        points={of.points}
        measures={[
          measure('start'),
          ...movements.map((figure) => measure(figure)),
          measure('net', 'third'),
          measure('end', 'first'),
          {
            figure: 'customers',
            series: 'second',
            isCount: true,
            height: ({ customers }) => customers.end,
            text: ({ customers }) => format.number(customers.end),
          },
          {
            figure: 'arpu',
            height: ({ arpu }) => Number(arpu ?? 0),
            text: ({ arpu }) => (arpu === null ? '–' : amount(arpu, currency)),
          },
        ]}
      />
    </>
  );
}

type State = Report['subscriptions'][number];

function StatesPanel({ states }: { states: State[] }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  if (states.length === 0) return null;
  return (
    <Panel title={t('figures.active')} actions={<Definitions of={['active']} />}>
      <Facts
        as="figures"
        items={states.map(({ status, subscriptions }) => ({
          label: t(`states.${status as 'active'}`),
          value: (
            <Link to={paths.consoleSubscriptions} search={{ status }}>
              {format.number(subscriptions)}
            </Link>
          ),
        }))}
      />
    </Panel>
  );
}
