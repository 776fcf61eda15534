import { App } from 'antd';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Delivery, deliveryReads, type Endpoint } from './webhook.ts';

/** Sends a delivery again, whatever became of it. */
export function RetryDelivery({
  delivery: { id, test },
  endpoint,
}: {
  delivery: Pick<Delivery, 'id' | 'test'>;
  endpoint: Endpoint;
}) {
  const t = useTranslations('webhooks');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const retry = useChange('retryWebhookDelivery', {
    refreshes: deliveryReads,
    onDone: () => void message.success(t('retried')),
  });
  const isBlocked = endpoint.status === 'disabled' && !test;
  return (
    <AllowedButton
      operation="retryWebhookDelivery"
      size="small"
      loading={retry.isPending}
      blockedBecause={isBlocked ? t('offReason') : undefined}
      onClick={() =>
        retry.mutate(
          { params: { id }, idempotencyKey: newIdempotencyKey() },
          { onError: (error) => void message.error(errorText(error)) },
        )
      }
    >
      {t('retry')}
    </AllowedButton>
  );
}
