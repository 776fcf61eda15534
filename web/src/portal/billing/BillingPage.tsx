import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { WalletFacts } from '../../features/wallet/WalletFacts.tsx';
import { paths } from '../../paths.ts';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { AutoTopUpPanel } from './AutoTopUpPanel.tsx';
import { BillingNav } from './BillingNav.tsx';
import { NextInvoice } from './NextInvoice.tsx';
import { Payments } from './Payments.tsx';
import { RedeemPanel } from './RedeemPanel.tsx';
import { ThisMonth } from './ThisMonth.tsx';
import { ToPay } from './ToPay.tsx';
import { TopUpPanel } from './TopUpPanel.tsx';
import { Transactions } from './Transactions.tsx';

const route = getRouteApi('/portal/billing');
const tabs = ['transactions', 'payments'] as const;

export function BillingPage() {
  const t = useTranslations('billing');
  return (
    <div className="page">
      <PageHeader title={t('title')} />
      <BillingNav />
      <ToPay />
      <div className="columns">
        <ThisMonth />
        <NextInvoice />
      </div>
      <div className="columns">
        <WalletPanel />
        <TopUpPanel />
      </div>
      <div className="columns">
        <RedeemPanel />
        <AutoTopUpPanel />
      </div>
      <Panel>
        <Lists />
      </Panel>
    </div>
  );
}

function WalletPanel() {
  const t = useTranslations('billing');
  const wallet = useQuery(reading('getWallet'));
  if (wallet.error && !wallet.data) {
    return <Failure error={wallet.error} onRetry={() => void wallet.refetch()} />;
  }
  if (!wallet.data) return <Loading rows={4} />;
  return (
    <Panel title={t('wallet')}>
      <WalletFacts wallet={wallet.data} isExact />
    </Panel>
  );
}

function Lists() {
  const t = useTranslations('billing');
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const lists = { transactions: <Transactions />, payments: <Payments /> };
  return (
    <TabPanels
      label={t('title')}
      active={tabs.find((key) => key === tab) ?? tabs[0]}
      onChange={(key) => void navigate({ to: paths.billing, search: { tab: key }, replace: true })}
      tabs={tabs.map((key) => ({ key, label: t(`tabs.${key}`), panel: lists[key] }))}
    />
  );
}
