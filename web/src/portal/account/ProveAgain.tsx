import { Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useSecurity } from './security.ts';

export interface Proof {
  password?: string;
  totp?: string;
}

interface ProveAgainProps {
  /** What the server said to the change that was asked for. */
  error: Error | null;
  isPending: boolean;
  onProof: (proof: Proof) => void;
  onCancel: () => void;
}

/** Whether the server wants to know once more who asks. */
export function wantsProof(error: Error | null): boolean {
  return (
    error instanceof ApiError && (error.code === 'proof_required' || error.code === 'proof_invalid')
  );
}

/** Asks for the password or, without one, for a code, and has the change asked for again. */
export function ProveAgain({ error, isPending, onProof, onCancel }: ProveAgainProps) {
  const t = useTranslations('security');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<Proof>();
  const security = useSecurity();
  const isWrong = error instanceof ApiError && error.code === 'proof_invalid';
  const refusal = useFormRefusal(form, isWrong ? error : null);
  const field = security.data?.has_password ? 'password' : 'totp';
  const canProve = field === 'password' || security.data?.totp.enabled;
  const rules = [{ required: true, message: t('required') }];
  return (
    <Modal
      open
      title={t('proveTitle')}
      okText={t('confirm')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: isPending, disabled: !canProve }}
      onOk={form.submit}
      onCancel={onCancel}
    >
      <div className="stack">
        <p>{canProve ? t('proveNote') : t('proveAgainNote')}</p>
        <Refused error={refusal} />
        {canProve && (
          <Form name="proof" form={form} layout="vertical" onFinish={onProof}>
            {field === 'password' ? (
              <Form.Item name="password" label={t('password')} rules={rules}>
                <Input.Password autoComplete="current-password" autoFocus />
              </Form.Item>
            ) : (
              <Form.Item name="totp" label={t('code')} rules={rules}>
                <Input autoComplete="one-time-code" autoFocus />
              </Form.Item>
            )}
          </Form>
        )}
      </div>
    </Modal>
  );
}
