import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProviderSettings } from '../providers/ProviderSettings.tsx';
import { DunningStepsPanel } from './DunningStepsPanel.tsx';
import { ExchangeRatesPanel } from './ExchangeRatesPanel.tsx';
import { InvoicingPanel } from './InvoicingPanel.tsx';
import { LimitsPanels } from './LimitsPanel.tsx';

export function SettingsPage() {
  const t = useTranslations('console.settings');
  const providers = useQuery(reading('listProviders'));
  // Providers that declare no settings have nothing to be set.
  const shown = providers.data?.data.filter(({ fields }) => fields.length > 0);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {providers.error && !providers.data && (
        <Failure error={providers.error} onRetry={() => void providers.refetch()} />
      )}
      {providers.isPending && <Loading rows={10} />}
      {shown?.length === 0 && <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      {shown && <ProviderSettings providers={shown} />}
      <ExchangeRatesPanel />
      <InvoicingPanel />
      <DunningStepsPanel />
      <LimitsPanels />
    </div>
  );
}
