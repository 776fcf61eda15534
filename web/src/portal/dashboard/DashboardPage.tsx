import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { AllowancesPanel } from '../../features/allowances/AllowancesPanel.tsx';
import { Failure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { MonthPanel } from '../../features/usage/MonthPanel.tsx';
import { type Wallet, WalletFacts } from '../../features/wallet/WalletFacts.tsx';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { HistoryPanel } from './HistoryPanel.tsx';
import { LastCalls } from './LastCalls.tsx';
import { NearlyUsed } from './NearlyUsed.tsx';

/** Short enough that a call made elsewhere is seen while one looks. */
const refetchInterval = 5_000;

export function DashboardPage() {
  const t = useTranslations('dashboard');
  const refusalOf = useRefusalOf();
  const refusal = refusalOf('getBillingSummary');
  const summary = useQuery({
    ...reading('getBillingSummary'),
    refetchInterval,
    enabled: !refusal,
  });
  const seesCalls = !refusalOf('listReceipts');
  const calls = usePages(
    'listReceipts',
    { query: { limit: 5 } },
    { refetchIntervalMs: refetchInterval, enabled: seesCalls },
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} />
      {summary.error && !summary.data && (
        <Failure error={summary.error} onRetry={() => void summary.refetch()} />
      )}
      {!refusal && summary.isPending && <Loading rows={8} />}
      {refusal && !seesCalls && <NothingToSee reason={refusal} />}
      {summary.data && (
        <>
          <FirstSteps summary={summary.data} hasCalls={(calls.rows?.length ?? 0) > 0} />
          <div className="columns">
            <WalletPanel wallet={summary.data.wallet} />
            <MonthPanel usage={summary.data.usage} />
          </div>
          <AllowancesPanel allowances={summary.data.daily_usage} empty={<NoAllowance />} />
        </>
      )}
      {!refusalOf('listQuotas') && <NearlyUsed refetchIntervalMs={refetchInterval} />}
      {!refusalOf('getUsage') && <HistoryPanel />}
      {seesCalls && <LastCalls calls={calls} />}
    </div>
  );
}

function NothingToSee({ reason }: { reason: string }) {
  const t = useTranslations('layout');
  return (
    <Panel>
      <EmptyState title={t('notShown')}>{reason}</EmptyState>
    </Panel>
  );
}

function WalletPanel({ wallet }: { wallet: Wallet }) {
  const t = useTranslations('billing');
  return (
    <Panel
      title={t('wallet')}
      actions={
        <ButtonLink to={paths.billing} size="small">
          {t('topUp')}
        </ButtonLink>
      }
    >
      <WalletFacts wallet={wallet} />
    </Panel>
  );
}

function NoAllowance() {
  const t = useTranslations('dashboard');
  return (
    <EmptyState
      title={t('noAllowance')}
      action={<ButtonLink to={paths.packages}>{t('buy')}</ButtonLink>}
    >
      {t('noAllowanceNote')}
    </EmptyState>
  );
}
