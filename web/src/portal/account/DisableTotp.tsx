import { App, Form, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { BothFactors, type BothFields } from './BothFactors.tsx';

/** Turns the second step off, for who can show both. */
export function DisableTotp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('security.totp');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<BothFields>();
  const disable = useChange('disableTotp', {
    refreshes: ['getMySecurity'],
    onDone: () => {
      void message.success(t('disabled'));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, disable.error);
  return (
    <Modal
      open
      title={t('disableTitle')}
      okText={t('disable')}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: disable.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('disableNote')}</p>
        <Refused error={refusal} />
        <BothFactors form={form} onFinish={(body) => disable.mutate({ body })} />
      </div>
    </Modal>
  );
}
