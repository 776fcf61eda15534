import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { BusinessPanel } from './BusinessPanel.tsx';
import { ClockPanel } from './ClockPanel.tsx';
import { HistoryPanel } from './HistoryPanel.tsx';

type Overview = Answer<'getOverview'>;
const refetchInterval = 15_000;

export function OverviewPage() {
  const t = useTranslations('console.overview');
  const overview = useQuery({ ...reading('getOverview'), refetchInterval });
  return (
    <div className="page">
      <PageHeader title={t('title')} />
      {overview.error && !overview.data && (
        <Failure error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.isPending && <Loading rows={10} />}
      {overview.data && (
        <>
          {overview.data.unapplied > 0 && <UnappliedNotice count={overview.data.unapplied} />}
          <div className="columns">
            <TakingsPanel overview={overview.data} />
            <CustomersPanel overview={overview.data} />
          </div>
          <BusinessPanel />
          <HistoryPanel overview={overview.data} />
        </>
      )}
      <ClockPanel />
    </div>
  );
}

function UnappliedNotice({ count }: { count: number }) {
  const t = useTranslations('console.overview');
  return (
    <Alert
      type="warning"
      showIcon
      title={t('unapplied', { count })}
      description={
        <div className="stack">
          {t('unappliedNote')}
          <span>
            <ButtonLink to={paths.consoleUnapplied}>{t('toUnapplied')}</ButtonLink>
          </span>
        </div>
      }
    />
  );
}

function TakingsPanel({ overview: { received, usage } }: { overview: Overview }) {
  const t = useTranslations('console.overview');
  const format = useFormatter();
  return (
    <Panel title={t('takings')}>
      <Facts
        as="figures"
        items={[
          {
            label: t('received'),
            value: <Received received={received} usageCurrency={usage.currency} />,
          },
          { label: t('calls'), value: format.number(usage.calls) },
          { label: t('spend'), value: <Amount value={usage.amount} currency={usage.currency} /> },
        ]}
      />
    </Panel>
  );
}

/** Currencies are never added up: each is its own line. */
function Received({
  received,
  usageCurrency,
}: {
  received: Overview['received'];
  usageCurrency: string;
}) {
  const t = useTranslations('console.overview');
  if (received.length === 0) return <Amount value="0" currency={usageCurrency} />;
  return (
    <span className="twofold">
      {received.map(({ currency, amount, payments }) => (
        <span key={currency} className="twofold">
          <Amount value={amount} currency={currency} />
          <small className="small-note">{t('payments', { count: payments })}</small>
        </span>
      ))}
    </span>
  );
}

function CustomersPanel({ overview }: { overview: Overview }) {
  const t = useTranslations('console.overview');
  const format = useFormatter();
  return (
    <Panel title={t('now')}>
      <Facts
        as="figures"
        items={[
          {
            label: t('organizations'),
            value: (
              <Link to={paths.consoleOrganizations}>{format.number(overview.organizations)}</Link>
            ),
          },
          {
            label: t('users'),
            value: <Link to={paths.consoleUsers}>{format.number(overview.users)}</Link>,
          },
          { label: t('activePackages'), value: format.number(overview.active_packages) },
        ]}
      />
    </Panel>
  );
}
