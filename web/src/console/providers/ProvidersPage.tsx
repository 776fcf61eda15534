/** Who collects money: how each does, its connection, its addresses and its settings. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { HealthPanel } from './HealthPanel.tsx';
import { OverviewPanel } from './OverviewPanel.tsx';
import { ProviderPanel } from './ProviderPanel.tsx';

const route = getRouteApi('/console/admin/providers');
const healthReadMs = 30_000;

export function ProvidersPage() {
  const t = useTranslations('console.providers');
  const { provider } = route.useSearch();
  const navigate = useNavigate();
  const providers = useQuery({ ...reading('listProviders'), refetchInterval: healthReadMs });
  const all = providers.data?.data ?? [];
  const chosen = all.find((known) => known.provider === provider) ?? all[0];
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {providers.error && !providers.data && (
        <Failure error={providers.error} onRetry={() => void providers.refetch()} />
      )}
      {providers.isPending && <Loading rows={10} />}
      {providers.data && !chosen && <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      {chosen && (
        <>
          <OverviewPanel
            providers={all}
            chosen={chosen.provider}
            onChoose={(id) =>
              void navigate({
                to: paths.consoleProviders,
                search: { provider: id },
                replace: true,
              })
            }
          />
          <HealthPanel key={`${chosen.provider} health`} provider={chosen} />
          <ProviderPanel key={chosen.provider} provider={chosen} />
        </>
      )}
    </div>
  );
}
