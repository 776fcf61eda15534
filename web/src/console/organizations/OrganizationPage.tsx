/** One customer with everything that matters, most of it on one screen. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { AllowancesPanel } from '../../features/allowances/AllowancesPanel.tsx';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { MonthPanel } from '../../features/usage/MonthPanel.tsx';
import { type Wallet, WalletFacts } from '../../features/wallet/WalletFacts.tsx';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { RecordPayment } from '../payments/RecordPayment.tsx';
import { BillingPanel } from './BillingPanel.tsx';
import { CallsPanel } from './CallsPanel.tsx';
import type { Customer } from './customer.ts';
import { FeaturesPanel } from './FeaturesPanel.tsx';
import { GrantsPanel } from './GrantsPanel.tsx';
import { MembersPanel } from './MembersPanel.tsx';
import { OrganizationStatus } from './OrganizationStatus.tsx';
import { PackagesPanel } from './PackagesPanel.tsx';
import { PaymentsPanel } from './PaymentsPanel.tsx';
import { PlanPanel } from './PlanPanel.tsx';
import { QuotasPanel } from './QuotasPanel.tsx';
import { StatusButton } from './StatusButton.tsx';
import { SubscriptionsPanel } from './SubscriptionsPanel.tsx';

const route = getRouteApi('/console/admin/organizations/$id');
const refetchInterval = 10_000;

export function OrganizationPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.organizations');
  const customer = useQuery({
    ...reading('inspectOrganization', { params: { id } }),
    refetchInterval,
  });
  const back = <Link to={paths.consoleOrganizations}>{t('all')}</Link>;
  if (customer.data) return <CustomerPage customer={customer.data} />;
  return (
    <div className="page">
      <PageHeader title={t('one')} note={back} />
      {customer.error ? (
        <Failure error={customer.error} onRetry={() => void customer.refetch()} />
      ) : (
        <Loading rows={12} />
      )}
    </div>
  );
}

function CustomerPage({ customer }: { customer: Customer }) {
  const t = useTranslations('console.organizations');
  const [isRecording, setRecording] = useState(false);
  const { organization, packages, daily_usage: allowances, members } = customer;
  const record = (
    <AllowedButton
      operation="recordManualPayment"
      type="primary"
      onClick={() => setRecording(true)}
    >
      {t('recordPayment')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader
        title={organization.name}
        note={<Link to={paths.consoleOrganizations}>{t('all')}</Link>}
        actions={
          <>
            <StatusButton organization={organization} />
            {record}
          </>
        }
      />
      <Panel>
        <OrganizationFacts customer={customer} />
      </Panel>
      <div className="columns">
        <WalletPanel wallet={customer.wallet} />
        <MonthPanel usage={customer.usage} />
      </div>
      <AllowancesPanel
        allowances={allowances}
        empty={<EmptyState title={t('noPackage')}>{t('noPackageNote')}</EmptyState>}
      />
      <SubscriptionsPanel organization={organization} />
      <PlanPanel organization={organization} />
      <QuotasPanel organization={organization} members={members} />
      <FeaturesPanel organization={organization} />
      <PackagesPanel packages={packages} />
      <GrantsPanel organization={organization} currency={customer.wallet.currency} />
      <BillingPanel organization={organization} />
      <PaymentsPanel organization={organization.id} record={record} />
      <CallsPanel organization={organization.id} />
      <MembersPanel members={members} />
      {isRecording && (
        <RecordPayment
          organization={organization}
          currency={customer.wallet.currency}
          onClose={() => setRecording(false)}
        />
      )}
    </div>
  );
}

function OrganizationFacts({ customer: { organization } }: { customer: Customer }) {
  const t = useTranslations('console.organizations');
  const tUi = useTranslations('ui');
  const { id, status, personal, time_zone, created_at } = organization;
  return (
    <Facts
      items={[
        { label: tUi('status'), value: <OrganizationStatus status={status} /> },
        { label: 'ID', value: <Id value={id} /> },
        { label: t('kind'), value: t(personal ? 'personal' : 'shared') },
        { label: t('timeZone'), value: time_zone },
        { label: t('since'), value: <When at={created_at} show="day" /> },
        {
          label: t('audit'),
          value: (
            <Link to={paths.consoleAudit} search={{ organization: id }}>
              {t('toAudit')}
            </Link>
          ),
        },
      ]}
    />
  );
}

function WalletPanel({ wallet }: { wallet: Wallet }) {
  const t = useTranslations('billing');
  return (
    <Panel title={t('wallet')}>
      <WalletFacts wallet={wallet} />
    </Panel>
  );
}
