import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AllowancePanel } from './AllowancePanel.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { HistoryPanel } from './HistoryPanel.tsx';
import { LastCalls } from './LastCalls.tsx';

type Summary = Answer<'getBillingSummary'>;
/** Short enough that a call made elsewhere is seen while one looks. */
const refetchInterval = 5_000;

export function DashboardPage() {
  const t = useTranslations('dashboard');
  const summary = useQuery({ ...reading('getBillingSummary'), refetchInterval });
  const calls = usePages(
    'listReceipts',
    { query: { limit: 5 } },
    { refetchIntervalMs: refetchInterval },
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} />
      {summary.error && !summary.data && (
        <Failure error={summary.error} onRetry={() => void summary.refetch()} />
      )}
      {summary.isPending && <Loading rows={8} />}
      {summary.data && (
        <>
          <FirstSteps summary={summary.data} hasCalls={(calls.rows?.length ?? 0) > 0} />
          <div className="columns">
            <WalletPanel wallet={summary.data.wallet} />
            <MonthPanel usage={summary.data.usage} />
          </div>
          <AllowancePanel allowances={summary.data.daily_usage} />
        </>
      )}
      <HistoryPanel />
      <LastCalls calls={calls} />
    </div>
  );
}

function WalletPanel({ wallet }: { wallet: Summary['wallet'] }) {
  const t = useTranslations('billing');
  const tDashboard = useTranslations('dashboard');
  const amount = (value: string) => <Amount value={value} currency={wallet.currency} />;
  const owes = toNanos(wallet.owed) > 0n;
  return (
    <Panel
      title={tDashboard('wallet')}
      actions={
        <ButtonLink to={paths.billing} size="small">
          {t('topUp')}
        </ButtonLink>
      }
    >
      <Facts
        as="figures"
        items={[
          { label: t('balance'), value: amount(wallet.balance) },
          { label: t('held'), value: amount(wallet.held) },
          ...(owes ? [{ label: t('owed'), value: amount(wallet.owed) }] : []),
        ]}
      />
    </Panel>
  );
}

function MonthPanel({ usage }: { usage: Summary['usage'] }) {
  const t = useTranslations('dashboard');
  const format = useFormatter();
  return (
    <Panel title={t('month')}>
      <Facts
        as="figures"
        items={[
          { label: t('calls'), value: format.number(usage.calls) },
          { label: t('spend'), value: <Amount value={usage.amount} currency={usage.currency} /> },
          { label: t('tokens'), value: format.number(usage.input_tokens + usage.output_tokens) },
        ]}
      />
    </Panel>
  );
}
