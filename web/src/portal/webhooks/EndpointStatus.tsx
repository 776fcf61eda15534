import { useTranslations } from 'use-intl';
import { Status } from '../../ui/Status.tsx';
import type { Delivery, Endpoint } from './webhook.ts';

/** On, off, or on and taking nothing. */
export function EndpointStatus({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('webhooks.statuses');
  if (endpoint.status === 'disabled') return <Status tone="quiet">{t('disabled')}</Status>;
  if (endpoint.failing_since !== null) return <Status tone="bad">{t('failing')}</Status>;
  return <Status tone="good">{t('enabled')}</Status>;
}

const tones = { pending: 'active', delivered: 'good', failed: 'bad' } as const;

export function DeliveryStatus({ status }: { status: Delivery['status'] }) {
  const t = useTranslations('webhooks.state');
  return <Status tone={tones[status]}>{t(status)}</Status>;
}
