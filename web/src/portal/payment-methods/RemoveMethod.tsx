import { App } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { ConfirmRemoval } from '../../features/errors/ConfirmRemoval.tsx';
import type { PaymentMethod } from './PaymentMethodsPage.tsx';

/** Asks before a method is forgotten, and says what stops with it. */
export function RemoveMethod({ method, onClose }: { method: PaymentMethod; onClose: () => void }) {
  const t = useTranslations('paymentMethods');
  const { message } = App.useApp();
  const remove = useChange('removePaymentMethod', {
    refreshes: ['listPaymentMethods', 'getAutoTopUp', 'listSubscriptions'],
    onDone: () => {
      void message.success(t('removed'));
      onClose();
    },
  });
  return (
    <ConfirmRemoval
      title={t('removeTitle', { label: method.label })}
      note={t('removeNote')}
      okText={t('remove')}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ params: { id: method.id } })}
      onClose={onClose}
    />
  );
}
