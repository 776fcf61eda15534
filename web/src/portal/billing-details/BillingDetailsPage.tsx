import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';
import { DetailsForm } from './DetailsForm.tsx';

export function BillingDetailsPage() {
  const t = useTranslations('billingDetails');
  const { organization } = useSession();
  const refusal = useRefusalOf()('getBillingDetails');
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <BillingNav />
      {refusal && (
        <Panel>
          <EmptyState title={t('hidden')}>{refusal}</EmptyState>
        </Panel>
      )}
      {!refusal && organization && <Details organizationId={organization.id} />}
    </div>
  );
}

function Details({ organizationId }: { organizationId: string }) {
  const details = useQuery(reading('getBillingDetails', { params: { id: organizationId } }));
  if (details.error && !details.data) {
    return <Failure error={details.error} onRetry={() => void details.refetch()} />;
  }
  if (!details.data) return <Loading rows={8} />;
  return <DetailsForm organizationId={organizationId} details={details.data} />;
}
