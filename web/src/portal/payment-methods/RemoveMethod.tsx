import { App, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import type { PaymentMethod } from './PaymentMethodsPage.tsx';

/** Asks before a method is forgotten, and says what stops with it. */
export function RemoveMethod({ method, onClose }: { method: PaymentMethod; onClose: () => void }) {
  const t = useTranslations('paymentMethods');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const remove = useChange('removePaymentMethod', {
    refreshes: ['listPaymentMethods', 'getAutoTopUp', 'listSubscriptions'],
    onDone: () => {
      void message.success(t('removed'));
      onClose();
    },
  });
  return (
    <Modal
      open
      closable={false}
      title={t('removeTitle', { label: method.label })}
      okText={t('remove')}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: remove.isPending }}
      onOk={() => remove.mutate({ params: { id: method.id } })}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('removeNote')}</p>
        <Refused error={remove.error} />
      </div>
    </Modal>
  );
}
