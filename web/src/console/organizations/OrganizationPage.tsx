/** One customer with everything that matters: how it stands on top, the rest in tabs. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { AllowancesPanel } from '../../features/allowances/AllowancesPanel.tsx';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { MonthPanel } from '../../features/usage/MonthPanel.tsx';
import { type Wallet, WalletFacts } from '../../features/wallet/WalletFacts.tsx';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { RecordPayment } from '../payments/RecordPayment.tsx';
import { RiskPanel } from '../risk/RiskPanel.tsx';
import { BillingPanel } from './BillingPanel.tsx';
import { CallsPanel } from './CallsPanel.tsx';
import type { Customer } from './customer.ts';
import { FeaturesPanel } from './FeaturesPanel.tsx';
import { GrantsPanel } from './GrantsPanel.tsx';
import { InvoicesPanel } from './InvoicesPanel.tsx';
import { KeysPanel, MethodsPanel } from './KeysPanel.tsx';
import { LogPanel } from './LogPanel.tsx';
import { MembersPanel } from './MembersPanel.tsx';
import { NotesPanel } from './NotesPanel.tsx';
import { PackagesPanel } from './PackagesPanel.tsx';
import { PaymentsPanel } from './PaymentsPanel.tsx';
import { PlanPanel } from './PlanPanel.tsx';
import { QuotasPanel } from './QuotasPanel.tsx';
import { StandingFacts } from './StandingFacts.tsx';
import { StatusButton } from './StatusButton.tsx';
import { SubscriptionsPanel } from './SubscriptionsPanel.tsx';
import { SupportPanel } from './SupportPanel.tsx';

const route = getRouteApi('/console/admin/organizations/$id');
const refetchInterval = 10_000;
const tabs = ['overview', 'plan', 'billing', 'people', 'support'] as const;
type Tab = (typeof tabs)[number];

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
  const tTabs = useTranslations('console.customer.tabs');
  const [isRecording, setRecording] = useState(false);
  const { organization } = customer;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const active = tabs.find((tab) => tab === search.tab) ?? 'overview';
  const record = (
    <AllowedButton
      operation="recordManualPayment"
      type="primary"
      onClick={() => setRecording(true)}
    >
      {t('recordPayment')}
    </AllowedButton>
  );
  const panels = panelsOf(customer, record);
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
        <StandingFacts customer={customer} />
      </Panel>
      <TabPanels<Tab>
        label={organization.name}
        active={active}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={tabs.map((key) => ({ key, label: tTabs(key), panel: panels[key] }))}
      />
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

function panelsOf(customer: Customer, record: ReactNode): Record<Tab, ReactNode> {
  const { organization, members, wallet } = customer;
  return {
    overview: (
      <div className="stack">
        <div className="columns">
          <WalletPanel wallet={wallet} />
          <MonthPanel usage={customer.usage} />
        </div>
        <Allowances customer={customer} />
        <RiskPanel organization={organization.id} />
        <CallsPanel organization={organization.id} />
        <LogPanel organization={organization} />
      </div>
    ),
    plan: (
      <div className="stack">
        <SubscriptionsPanel organization={organization} />
        <PlanPanel organization={organization} />
        <QuotasPanel organization={organization} members={members} />
        <FeaturesPanel organization={organization} />
        <PackagesPanel packages={customer.packages} />
      </div>
    ),
    billing: (
      <div className="stack">
        <InvoicesPanel organization={organization} />
        <PaymentsPanel organization={organization.id} record={record} />
        <GrantsPanel organization={organization} currency={wallet.currency} />
        <MethodsPanel methods={customer.payment_methods} />
        <BillingPanel organization={organization} />
      </div>
    ),
    people: (
      <div className="stack">
        <MembersPanel members={members} />
        <KeysPanel keys={customer.api_keys} />
      </div>
    ),
    support: (
      <div className="stack">
        <NotesPanel organization={organization} />
        <SupportPanel organization={organization} />
      </div>
    ),
  };
}

function Allowances({ customer }: { customer: Customer }) {
  const t = useTranslations('console.organizations');
  return (
    <AllowancesPanel
      allowances={customer.daily_usage}
      empty={<EmptyState title={t('noPackage')}>{t('noPackageNote')}</EmptyState>}
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
