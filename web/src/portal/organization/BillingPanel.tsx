import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { DetailsForm } from '../billing-details/DetailsForm.tsx';

/** The same details as on the billing pages: what invoices say of the organization. */
export function BillingPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('billingDetails');
  const refusal = useRefusalOf()('getBillingDetails');
  if (!refusal) return <Details organizationId={organizationId} />;
  return (
    <Panel>
      <EmptyState title={t('hidden')}>{refusal}</EmptyState>
    </Panel>
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
