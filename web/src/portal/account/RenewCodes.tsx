import { Form, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { BothFactors, type BothFields } from './BothFactors.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** Makes recovery codes in place of the earlier ones. */
export function RenewCodes({ onClose }: { onClose: () => void }) {
  const t = useTranslations('security.totp');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<BothFields>();
  const renew = useChange('renewRecoveryCodes', { refreshes: ['getMySecurity'] });
  const refusal = useFormRefusal(form, renew.error);
  if (renew.data) return <RecoveryCodes codes={renew.data.recovery_codes} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('renew')}
      okText={t('renew')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: renew.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('renewNote')}</p>
        <Refused error={refusal} />
        <BothFactors form={form} onFinish={(body) => renew.mutate({ body })} />
      </div>
    </Modal>
  );
}
